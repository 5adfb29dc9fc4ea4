using OpsAgent.Tests.EndToEnd.Docs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Signing;

/// <summary>Who may ask, over a real broker: docs/security.md followed to the letter, opsctl, users, and a crash.</summary>
public sealed class SigningTests(VouchingBroker broker) : IClassFixture<VouchingBroker>
{
    private const string Signed = "signed = true";

    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/security.md");

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_program_of_the_page_prints_what_the_page_says()
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, Signed);
        await scene.StartAsync();
        var peers = new PythonPeers(scene.Folder, scene.Environment);
        peers.Add(MarkdownPage.Read("docs/wire.md").Block("ops_bus.py"));
        var program = Page.Block("signed.py");
        peers.Add(program);

        var printed = await peers.RunAsync("signed.py", "note", """{"n": 7, "requested_by": "web-2026"}""");

        Assert.True(Page.OutputOf(program)!.IsOutput(printed), $"it printed:\n{printed}\nthe agent wrote:\n{scene.Agent.Output}");
        Assert.Equal("7\n", await File.ReadAllTextAsync(scene.Notes));
        Assert.DoesNotContain(scene.Listener.Messages, m => m["msg_type"] == "not_noted");
        Assert.DoesNotContain(File.ReadAllText(scene.Folder.At("keys", "web-2026.key")).Trim(), scene.Agent.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Opsctl_signs_what_it_sends_and_ends_the_agent_only_so()
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, Signed);
        await scene.StartAsync();

        Assert.Contains("note needs a signature", await scene.OpsCtlAsync(1, "send", "note", "n=1", "--wait", "--timeout", "60s"), StringComparison.Ordinal);
        Assert.Contains(" ok", await scene.OpsCtlAsync(0, "send", "note", "n=2", "--wait", "--timeout", "60s", "--sign", "web-2026"), StringComparison.Ordinal);
        await scene.OpsCtlAsync(0, "enqueue", "note", "--extra", "n=3", "--sign", "web-2026");
        await Eventually.HoldsAsync(() => File.Exists(scene.Notes) && File.ReadAllText(scene.Notes) == "2\n3\n", () => scene.Agent.Output);

        await scene.OpsCtlAsync(0, "shutdown", "--yes");
        await scene.SettlesAsync("rejected", "this sender may not ask for shutdown");
        Assert.False(scene.Agent.HasExited);
        await scene.OpsCtlAsync(0, "shutdown", "--yes", "--sign", "web-2026");
        Assert.Equal(100, await scene.Agent.ExitAsync());
        Assert.DoesNotContain("anybody who may write to the queue can end this agent", scene.Agent.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_key_can_be_changed_while_the_agent_runs_and_one_that_others_may_read_is_refused()
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, Signed);
        await scene.StartAsync();
        await scene.OpsCtlAsync(0, "keys", "new", "web-2027");
        await scene.OwnedAsync();

        var tries = 0;
        while (!await SendsAsync("web-2027"))
        {
            Assert.True(++tries < 60, scene.Agent.Output);
        }

        Assert.True(await SendsAsync("web-2026"));

        File.SetUnixFileMode(scene.Folder.At("keys", "web-2026.key"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        UnixMode.Set(scene.Folder.At("keys", "web-2026.key"), "0644");
        await scene.Agent.WritesAsync("the signing key web-2026 has mode 0644");
        Assert.True(await SendsAsync("web-2027"));
        Assert.Contains("has mode 0644", await scene.OpsCtlAsync(78, "send", "note", "n=5", "--sign", "web-2026"), StringComparison.Ordinal);

        async Task<bool> SendsAsync(string key)
        {
            try
            {
                await scene.OpsCtlAsync(0, "send", "note", "n=4", "--wait", "--timeout", "60s", "--sign", key);
                return true;
            }
            catch (InvalidOperationException)
            {
                return false;
            }
        }
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData("another's key", "belongs to user 64321, neither to this one nor to root")]
    [InlineData("a link", "can't be opened: Too many levels of symbolic links")]
    [InlineData("a folder for all", "has mode 0777: others may put keys there")]
    [InlineData("another's folder", "belongs to user 64321, neither to this one nor to root")]
    public async Task A_key_that_somebody_else_may_have_put_there_is_believed_by_no_agent(string wrong, string told)
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, Signed);
        var (keys, key, senders) = (scene.Folder.At("keys"), scene.Folder.At("keys", "web-2026.key"), scene.Folder.At("senders"));
        Directory.CreateDirectory(senders, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.Copy(key, Path.Combine(senders, "web-2026.key"));
        UnixMode.Set(key, "0640");
        switch (wrong)
        {
            case "another's key":
                await LockedScene.GiveAsync("64321:65534", key);
                break;
            case "a link":
                File.Move(key, scene.Folder.At("tmp", "web-2026.key"));
                File.CreateSymbolicLink(key, scene.Folder.At("tmp", "web-2026.key"));
                break;
            case "another's folder":
                UnixMode.Set(keys, "0750");
                await LockedScene.GiveAsync("64321:65534", keys);
                break;
            default:
                UnixMode.Set(keys, "0777");
                break;
        }

        await scene.StartAsync();
        await scene.Agent.WritesAsync(told);
        await scene.OpsCtlAsync(1, "send", "note", "n=1", "--wait", "--timeout", "60s", "--sign", "web-2026", "--keys-dir", senders);
        await scene.SettlesAsync("rejected", "which is no key of this agent's");
        Assert.False(File.Exists(scene.Notes));
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData("", true)]
    [InlineData("[message.shutdown]\nsenders = [\"key:web-2026\"]", false)]
    [InlineData("[message.shutdown]\nsigned = true", false)]
    public async Task An_agent_that_anybody_may_end_says_so_as_it_starts(string shutdown, bool says)
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, Signed, shutdown);
        await scene.StartAsync();

        Assert.Equal(says, scene.Agent.Output.Contains("anybody who may write to the queue can end this agent", StringComparison.Ordinal));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_user_is_whom_the_broker_names_whatever_the_sender_writes()
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, "senders = [\"user:webtier\"]");
        await scene.StartAsync();
        var python = new PythonPeers(scene.Folder, scene.Environment);
        python.Add(MarkdownPage.Read("docs/wire.md").Block("ops_bus.py"));
        scene.Folder.Write("peers/forged.py", """
            import sys
            from ops_bus import OpsBus
            bus = OpsBus()
            bus.send({"msg_type": "note", "n": 1, "requested_by": "webtier", "sender": "webtier"}, JMSXUserID="webtier")
            bus.close()
            """);

        await python.RunAsync("forged.py");
        await scene.SettlesAsync("rejected", "this sender may not ask for note");
        Assert.False(File.Exists(scene.Notes));
        Assert.Contains(
            " ok", await scene.OpsCtlAsync(0, "send", "note", "n=2", "--wait", "--timeout", "60s", "--user", ActiveMqBroker.OtherLogin), StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_signed_request_that_comes_again_after_a_crash_is_no_replay()
    {
        await using var scene = await LockedScene.SetAsync(broker.ActiveMq, Signed);
        await scene.StartAsync("committed:1");
        await scene.OpsCtlAsync(0, "send", "note", "n=1", "--request-id", "r-1", "--sign", "web-2026");
        await scene.Agent.ExitAsync();

        await scene.StartAsync();

        await scene.SettlesAsync("ok", "");
        Assert.Contains(" ok", await scene.OpsCtlAsync(0, "send", "note", "n=2", "--wait", "--timeout", "60s", "--sign", "web-2026"), StringComparison.Ordinal);
        Assert.Equal("1\n2\n", await File.ReadAllTextAsync(scene.Notes));
        Assert.DoesNotContain(scene.Listener.Messages, m => m["outcome"] == "rejected");
    }
}
