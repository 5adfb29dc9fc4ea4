using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>Two agents at one queue, each with a state of its own, as on two hosts.</summary>
[Collection(nameof(Broker))]
public sealed class StandbyTests(Broker broker, ITestOutputHelper output) : IAsyncLifetime
{
    /// <summary>
    /// With heart-beats of a second the broker looks every 1.5 s (its hbGracePeriodMultiplier) and ends a connection at the third look
    /// at which nothing has come: 4.5 s at most. Another two are for what else there is to do.
    /// </summary>
    private static readonly TimeSpan TakesOverFromSilence = Figure.Of(TimeSpan.FromSeconds(4.5 + 2), TimeSpan.FromSeconds(25));

    // A stomp.py that starts, a doer and the settlement are in it.
    private static readonly TimeSpan TakesOver = Figure.Of(TimeSpan.FromSeconds(5), TimeSpan.FromSeconds(20));

    private readonly TemporaryFolder _elsewhere = new();
    private Scene _scene = null!;
    private AgentUnderTest _second = null!;

    public async Task InitializeAsync()
    {
        _scene = await Scene.SetAsync(broker, SubmitManifest.Of);
        _second = Beside(_scene, _elsewhere);
    }

    public async Task DisposeAsync()
    {
        await _second.DisposeAsync();
        await _scene.DisposeAsync();
        _elsewhere.Dispose();
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_second_agent_gets_nothing_takes_over_when_the_first_is_killed_and_the_first_comes_back_with_its_submits_in_doubt()
    {
        var first = _scene.Agent;
        await first.StartAsync();
        await _second.StartAsync();
        await _scene.SendAsync([.. Enumerable.Range(1, 40).Select(n => $$"""{"msg_type":"note","n":"{{n}}","request_id":"n{{n}}"}""")]);
        await _scene.SettlesAsync("n40");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"{first.Process.Pid}", (await _scene.PingAsync())["pid"]);
        }

        Assert.False(File.Exists(Path.Combine(_second.CacheFolder, "notes")));
        await ShowsAsync(_second, $"STANDBY: {(await _scene.PingAsync())["agent"]} (pid {first.Process.Pid}) held it at ");
        await ShowsAsync(first, "held since ");

        await _scene.SendAsync(
            """{"msg_type":"wait_for","key":"1","request_id":"w"}""", """{"msg_type":"submit","task":"7","request_id":"s"}""");
        await Eventually.HoldsAsync(() => _scene.PingAsync().GetAwaiter().GetResult() is { } p && p["running"] == "1" && p["queued"] == "1", "one runs, one waits");
        await first.KillAsync();
        var gone = TimeProvider.System.GetTimestamp();
        await _scene.SendAsync("""{"msg_type":"note","n":"41","request_id":"n41"}""");
        Assert.Equal("ok", (await _scene.SettlesAsync("n41"))["outcome"]);
        Assert.True(TimeProvider.System.GetElapsedTime(gone) < TakesOver, $"taken over after {TimeProvider.System.GetElapsedTime(gone)}");
        Assert.Equal(["41"], await File.ReadAllLinesAsync(Path.Combine(_second.CacheFolder, "notes")));
        Assert.Equal($"{_second.Process.Pid}", (await _scene.PingAsync())["pid"]);

        await File.WriteAllTextAsync(Path.Combine(first.CacheFolder, "go"), "");
        await first.StartAsync();
        var submit = await _scene.SettlesAsync("s");
        Assert.Equal("unknown", submit["outcome"]);
        Assert.Contains($"(pid {_second.Process.Pid}) held the queue while it waited here", submit["reason"], StringComparison.Ordinal);
        Assert.False(File.Exists(_scene.Folder.At("submitted")));
        Assert.Contains("submit", (await first.OpsCtlAsync("work", "list", "--state", "doubt")).Output, StringComparison.Ordinal);
        Assert.Equal("ok", (await _scene.SettlesAsync("w"))["outcome"]);
        await ShowsAsync(first, "STANDBY: ");

        // What was accepted by nobody else since is started once more: the key alone is held, by the agent that knows of it.
        await _scene.SendAsync("""{"msg_type":"submit","task":"8","request_id":"s8"}""");
        Assert.Equal("ok", (await _scene.SettlesAsync("s8"))["outcome"]);
        Assert.Equal([$"8 {_second.CacheFolder}"], await File.ReadAllLinesAsync(_scene.Folder.At("submitted")));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_second_agent_takes_over_from_one_whose_host_falls_silent_once_the_broker_misses_its_heart_beats()
    {
        await using var line = MuteLine.To(broker.ActiveMq.Port);
        string[] beats = ["broker.heart_beat=1s", "broker.connect_timeout=2s"];
        await using var scene = await Scene.SetAsync(
            broker, SubmitManifest.Of, new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = $"{line.Port}" }, settings: beats);
        using var elsewhere = new TemporaryFolder();
        await using var second = Beside(scene, elsewhere, [$"broker.port={broker.ActiveMq.Port}", .. beats]);
        await scene.Agent.StartAsync();
        await second.StartAsync();
        await scene.SendAsync("""{"msg_type":"note","n":"1","request_id":"n1"}""");
        await scene.SettlesAsync("n1");

        line.LostFromNowOn = LineHalf.Both;
        line.Mute(LineHalf.Both);
        var silent = TimeProvider.System.GetTimestamp();
        await scene.SendAsync("""{"msg_type":"note","n":"2","request_id":"n2"}""");
        Assert.Equal("ok", (await scene.SettlesAsync("n2"))["outcome"]);
        var took = TimeProvider.System.GetElapsedTime(silent);
        output.WriteLine($"taken over {took.TotalSeconds:0.0} s after the silence began");
        Assert.InRange(took, TimeSpan.Zero, TakesOverFromSilence);
        Assert.Equal(["2"], await File.ReadAllLinesAsync(Path.Combine(second.CacheFolder, "notes")));

        line.LostFromNowOn = LineHalf.None;
        await ShowsAsync(scene.Agent, "STANDBY: ");
        Assert.Equal(["1"], await File.ReadAllLinesAsync(Path.Combine(scene.Agent.CacheFolder, "notes")));
        Assert.Equal($"{second.Process.Pid}", (await scene.PingAsync())["pid"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_only_agent_starts_its_queued_submit_once_after_a_kill_and_after_an_outage_of_the_broker()
    {
        await using var line = CutLine.To(broker.ActiveMq.Port);
        await using var scene = await Scene.SetAsync(broker, SubmitManifest.Of, new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = $"{line.Port}" });
        await scene.Agent.StartAsync();
        await scene.SendAsync(
            """{"msg_type":"wait_for","key":"1","request_id":"w"}""", """{"msg_type":"submit","task":"7","request_id":"s"}""");
        await Eventually.HoldsAsync(() => scene.PingAsync().GetAwaiter().GetResult() is { } p && p["running"] == "1" && p["queued"] == "1", "one runs, one waits");
        await scene.Agent.KillAsync();
        await scene.Agent.StartAsync();

        // While the broker is away nobody can tell who holds the queue: what runs goes on, the submit waits.
        line.Cut();
        await File.WriteAllTextAsync(Path.Combine(scene.Agent.CacheFolder, "go"), "");
        var shown = "";
        await Eventually.HoldsAsync(
            () => (shown = scene.Agent.OpsCtlAsync("work", "show", "w").GetAwaiter().GetResult().Output).Contains("settled", StringComparison.Ordinal),
            () => $"what runs ends:\n{shown}\n{scene.Agent.Process.Output}");
        Assert.False(File.Exists(scene.Folder.At("submitted")));

        line.Mend();
        Assert.Equal("ok", (await scene.SettlesAsync("s"))["outcome"]);
        Assert.Single(await File.ReadAllLinesAsync(scene.Folder.At("submitted")));
        Assert.Single(scene.Settlements, m => m["request_id"] == "s");
    }

    private static Task ShowsAsync(AgentUnderTest agent, string text)
    {
        var shown = "";
        return Eventually.HoldsAsync(
            () => (shown = agent.OpsCtlAsync("status").GetAwaiter().GetResult().Output).Contains(text, StringComparison.Ordinal),
            () => $"'{text}' in the status:\n{shown}");
    }

    private static AgentUnderTest Beside(Scene scene, TemporaryFolder elsewhere, params string[] settings) => new(
        elsewhere,
        scene.Agent.Environment.Where(e => e.Key is not "OPSAGENT_STATE_DIR" and not "SWF_TMP_DIR").ToDictionary(),
        ["--config", scene.Folder.At("prodops.toml"), .. settings.Prepend($"events.topic={scene.EventTopic}").SelectMany(static s => new[] { "--set", s })]);
}
