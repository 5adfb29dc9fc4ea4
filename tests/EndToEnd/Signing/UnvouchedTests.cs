using OpsAgent.Tests.EndToEnd.Docs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Signing;

/// <summary>Rules that name users, over a broker that vouches for none.</summary>
[Collection(nameof(Broker))]
public sealed class UnvouchedTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task A_login_of_the_senders_own_making_is_nobodys_and_the_log_says_what_the_broker_lacks()
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, $"senders = [\"user:{ActiveMqBroker.Login}\"]");
        await scene.StartAsync();
        var python = new PythonPeers(scene.Folder, scene.Environment);
        python.Add(MarkdownPage.Read("docs/wire.md").Block("ops_bus.py"));
        scene.Folder.Write("peers/forged.py", $$"""
            from ops_bus import OpsBus
            bus = OpsBus()
            bus.send({"msg_type": "note", "n": 1}, JMSXUserID="{{ActiveMqBroker.Login}}")
            bus.send({"msg_type": "note", "n": 2}, JMSXUserId="{{ActiveMqBroker.Login}}", jmsxuserid="{{ActiveMqBroker.Login}}")
            bus.send({"msg_type": "note", "n": 3})
            bus.close()
            """);

        await python.RunAsync("forged.py");

        await Eventually.HoldsAsync(
            () => scene.Listener.Messages.Count(static m => m["reason"] == "this sender may not ask for note") == 3, () => scene.Agent.Output);
        Assert.False(File.Exists(scene.Notes));
        Assert.Contains("the broker wrote no sender's login (JMSXUserID) into a message of ", scene.Agent.Output, StringComparison.Ordinal);
    }
}
