using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Docs;

/// <summary>docs/capabilities.md followed to the letter in a copy of the published tree.</summary>
[Collection(nameof(Broker))]
public sealed class CapabilitiesPageTests(Broker broker) : IAsyncLifetime
{
    private const string Task = "34501";
    private const string Job = "6123456789";
    private const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/capabilities.md");

    private readonly TemporaryFolder _folder = new();
    private PublishedTree _tree = null!;

    public async Task InitializeAsync()
    {
        if (broker.ActiveMq is null)
        {
            return; // the tests are skipped
        }

        _tree = new PublishedTree(_folder, new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "localhost",
            ["ACTIVEMQ_PORT"] = broker.ActiveMq.Port.ToString(),
            ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
            ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
            ["OPSAGENT_STATE_DIR"] = _folder.At("state"),
            ["SWF_TMP_DIR"] = _folder.At("tmp"),
        });
        await _tree.CopyAsync();
        _folder.Write($"tmp/panda-logs/{Task}/{Job}/payload.stdout", "begin\nERROR: no such file\nend\n");
        await File.AppendAllTextAsync(_tree.At("agents", "prodops.toml"), $"\n{Page.BlocksIn("toml")[0].Text}");
        var doer = Page.Block("doers/summarize-log");
        _folder.Write(Path.Combine("tree", doer.Name), doer.Text, Plain);
    }

    public Task DisposeAsync()
    {
        _folder.Dispose();
        return System.Threading.Tasks.Task.CompletedTask;
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_capability_is_added_by_following_the_page()
    {
        var commands = Page.BlocksIn("sh");
        Assert.Contains(": ok; capabilities: 4,", await _tree.ShellAsync(commands[0].Text), StringComparison.Ordinal);
        await using var agent = await _tree.StartAgentAsync();
        await using var listener = await StompPyListener.StartAsync(broker.Plain, "/topic/epictopic");

        var sent = await _tree.ShellAsync(commands[1].Text);

        Assert.Contains(" ok", sent, StringComparison.Ordinal);
        var ready = await listener.ReceivesAsync(m => m["msg_type"] == "log_summary_ready", () => $"the event; the agent wrote:\n{agent.Output}");
        Assert.Equal((Task, Job, "3 lines, 1 errors"), (ready["jeditaskid"], ready["pandaid"], ready["summary"]));
        Assert.Equal("""{"summary": "3 lines, 1 errors"}""", await File.ReadAllTextAsync(_folder.At("tmp", "log-summaries", Task, Job, "summary.json")));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Its_failure_is_told_and_leaves_the_marker_that_the_page_shows()
    {
        await _tree.ShellAsync(Page.BlocksIn("sh")[0].Text);
        await using var agent = await _tree.StartAgentAsync();
        await using var listener = await StompPyListener.StartAsync(broker.Plain, "/topic/epictopic");

        await StompPySender.SendAsync(broker.Plain, "/queue/epicprod.ops", [$$"""{"msg_type":"summarize_log","jeditaskid":{{Task}},"pandaid":7}"""]);

        var failed = await listener.ReceivesAsync(m => m["msg_type"] == "log_summary_failed", () => $"the event; the agent wrote:\n{agent.Output}");
        Assert.Equal(("7", "ERROR: no log of job 7 is in the cache", "1"), (failed["pandaid"], failed["reason"], failed["attempts"]));
        var marker = JsonElement.Parse(await File.ReadAllTextAsync(_folder.At("tmp", "log-summaries", Task, "7", ".error")));
        var shown = JsonElement.Parse(Page.BlocksIn("json").Single(b => b.Text.Contains("last_error", StringComparison.Ordinal)).Text);
        Assert.Equal(shown.EnumerateObject().Select(m => (m.Name, m.Value.ValueKind)), marker.EnumerateObject().Select(m => (m.Name, m.Value.ValueKind)));
        Assert.Equal(shown.GetProperty("last_error").GetString(), marker.GetProperty("last_error").GetString());
    }

    [ServerFact("activemq", "python3-stomp", "python3-django")]
    public async Task Both_triggers_of_the_page_work_in_a_web_tier_behind_the_proxy()
    {
        await _tree.ShellAsync(Page.BlocksIn("sh")[0].Text);
        await using var agent = await _tree.StartAgentAsync();
        var peers = new PythonPeers(_folder, _tree.Environment);
        peers.Add(MarkdownPage.Read("docs/wire.md").Block("ops_bus.py"));
        peers.Add(Page.Block("log_summary.py"));
        File.Copy(Path.Combine(Repository.Root, "tests", "EndToEnd", "Docs", "web_tier.py"), Path.Combine(peers.Folder, "web_tier.py"));

        var printed = await peers.RunAsync("web_tier.py", Task, Job, "7");

        Assert.Equal(
            $"""
            without the slash 301 text/html
            page before 202 text/html
            it waits for {Job}
            summary: 3 lines, 1 errors
            page after 200 application/json
            page without a log 202 text/html
            reason: ERROR: no log of job 7 is in the cache
            page that gives up 502 text/plain
            reason: ERROR: no log of job 7 is in the cache
            tried often enough: True
            api 202 application/json
            it names the request: 32
            api with too little 400 application/json
            api asked to show 405 text/html

            """,
            printed);
    }
}
