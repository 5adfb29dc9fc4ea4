using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

[Collection(nameof(Broker))]
public sealed class AgeTests(Broker broker)
{
    private static readonly TimeSpan MaxAge = TimeSpan.FromSeconds(12);

    [ServerFact("activemq", "python3-stomp")]
    public async Task What_waited_with_the_broker_through_an_outage_for_longer_than_its_max_age_is_rejected_and_the_rest_runs()
    {
        await using var own = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        var there = new StompPyEndpoint(own.Port, ActiveMqBroker.Login, ActiveMqBroker.Passcode);
        await using var scene = await Scene.SetAsync(broker, Manifest, new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = $"{own.Port}" });
        await StompPySender.SendAsync(
            there, scene.Queue,
            ["""{"msg_type":"aged","n":"1","request_id":"old"}""", """{"msg_type":"note","n":"2","request_id":"ageless"}"""], persistent: true);
        var sent = TimeProvider.System.GetTimestamp();
        await own.KillAsync();
        await own.StartAgainAsync();
        await Eventually.HoldsAsync(() => TimeProvider.System.GetElapsedTime(sent) > MaxAge, "it is too old");

        await using var listener = await StompPyListener.StartAsync(there, scene.SettledTopic);
        await scene.Agent.StartAsync();
        var old = await listener.ReceivesAsync(m => m["request_id"] == "old", "the settlement of what is too old");
        Assert.Equal("rejected", old["outcome"]);
        Assert.Matches("^expired after 12 s: sent [0-9]+ s before it could start$", old["reason"]);
        Assert.Equal("ok", (await listener.ReceivesAsync(m => m["request_id"] == "ageless", "the settlement of the other"))["outcome"]);

        // The same work, asked for now, is young.
        await StompPySender.SendAsync(there, scene.Queue, ["""{"msg_type":"aged","n":"3","request_id":"new"}"""], persistent: true);
        Assert.Equal("ok", (await listener.ReceivesAsync(m => m["request_id"] == "new", "the settlement of the new one"))["outcome"]);
        Assert.Equal(["2", "3"], (await File.ReadAllLinesAsync(Path.Combine(scene.Agent.CacheFolder, "notes"))).Order());
    }

    private static string Manifest(TemporaryFolder folder) => Manifests.Small(folder) + $$"""


        [capability.aged]
        description = "a note that is of no use later"
        doer        = ["{{folder.At("note")}}", "{n}"]
        timeout     = "20s"
        lane        = "quick"
        max_age     = "{{MaxAge.TotalSeconds}}s"
        environment = ["SWF_TMP_DIR"]

        [capability.aged.fields]
        n = { type = "id", required = true }
        """;
}
