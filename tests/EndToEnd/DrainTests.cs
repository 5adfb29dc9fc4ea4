using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The stages of a stop: warm, soft, cold.</summary>
[Collection(nameof(Broker))]
public sealed class DrainTests(Broker broker) : IAsyncLifetime
{
    private Scene _scene = null!;

    public async Task InitializeAsync() => _scene = await Scene.SetAsync(broker, DrainManifest.Of, settings: ["agent.drain_timeout=120s"]);

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [ServerFact("activemq", "python3-stomp")]
    public async Task Warm_under_load_no_doer_is_signalled_pings_are_answered_and_each_request_is_settled_once()
    {
        await BothRunAsync();
        await _scene.SendAsync(Notes(1, 100));
        await _scene.SettlesAsync("n1");
        _scene.Agent.Process.Signal(PosixSignalNumber.Terminate);
        await _scene.Agent.Process.WritesAsync("draining");
        await _scene.SendAsync(Notes(101, 100));
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal("DRAINING", (await _scene.PingAsync())["state"]);
        }

        Assert.Equal("again: start; once: start", Story);
        await GoAsync();
        Assert.Equal(0, await _scene.Agent.Process.ExitAsync());
        Assert.Equal("again: start end; once: start end", Story);
        Assert.DoesNotContain(_scene.Settlements, m => m["request_id"] == "n101");

        await _scene.Agent.StartAsync();
        await Eventually.HoldsAsync(() => _scene.Settlements.Count >= 202, () => $"{_scene.Settlements.Count} settlements");
        Assert.Equal(202, _scene.Settlements.Select(m => m["request_id"]).Distinct().Count());
        Assert.All(_scene.Settlements, m => Assert.Equal("ok", m["outcome"]));
        var noted = await File.ReadAllLinesAsync(Path.Combine(_scene.Agent.CacheFolder, "notes"));
        Assert.Equal(Enumerable.Range(1, 200), noted.Select(int.Parse).Order());
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData(false, 0)]
    [InlineData(true, 100)]
    public async Task Soft_a_SIGTERM_while_it_stops_ends_what_may_run_again_and_what_must_finish_is_waited_for(bool byMessage, int exitCode)
    {
        await BothRunAsync();
        if (byMessage)
        {
            await _scene.SendAsync("""{"msg_type":"shutdown","sender":"an operator"}""");
        }
        else
        {
            _scene.Agent.Process.Signal(PosixSignalNumber.Terminate);
        }

        await _scene.Agent.Process.WritesAsync("draining");
        Assert.Equal("2", (await _scene.PingAsync())["running"]);
        _scene.Agent.Process.Signal(PosixSignalNumber.Terminate);
        await Eventually.HoldsAsync(() => Told("again").Length == 2, "again is ended");
        await Eventually.HoldsAsync(() => _scene.PingAsync().GetAwaiter().GetResult() is { } p && p["running"] == "1" && p["state"] == "DRAINING", "once runs on");
        Assert.Equal("again: start term; once: start", Story);

        await GoAsync();
        Assert.Equal(exitCode, await _scene.Agent.Process.ExitAsync());
        Assert.Equal("ok", (await _scene.SettlesAsync("once"))["outcome"]);
        await _scene.Agent.StartAsync();
        Assert.Equal("ok", (await _scene.SettlesAsync("again"))["outcome"]);
        Assert.Equal("again: start term start end; once: start end", Story);
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData(false, 0)]
    [InlineData(true, 100)]
    public async Task Cold_SIGQUIT_ends_the_agent_at_once_and_the_next_start_finds_what_it_left_running(bool byMessage, int exitCode)
    {
        await BothRunAsync();
        if (byMessage)
        {
            await _scene.SendAsync("""{"msg_type":"shutdown","sender":"an operator"}""");
            await _scene.Agent.Process.WritesAsync("draining");
        }

        _scene.Agent.Process.Signal(PosixSignalNumber.Quit);
        Assert.Equal(exitCode, await _scene.Agent.Process.ExitAsync(TimeSpan.FromSeconds(25)));
        Assert.Equal("again: start term; once: start", Story);
        Assert.True(Posix.Exists(Pid("once")));
        Assert.False(Posix.Exists(Pid("again")));

        await _scene.Agent.StartAsync();
        await GoAsync();
        Assert.Equal("ok", (await _scene.SettlesAsync("once"))["outcome"]);
        Assert.Equal("ok", (await _scene.SettlesAsync("again"))["outcome"]);
        Assert.Equal(["start", "end"], Told("once"));
        Assert.Equal(2, _scene.Settlements.Count);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Signals_that_come_until_the_very_end_do_not_change_its_exit_code()
    {
        await _scene.Agent.StartAsync();
        var exit = _scene.Agent.Process.ExitAsync();
        await Eventually.HoldsAsync(
            () =>
            {
                if (!exit.IsCompleted)
                {
                    _scene.Agent.Process.Signal(PosixSignalNumber.Terminate);
                }

                return exit.IsCompleted;
            },
            "it has ended");

        Assert.Equal(0, await exit);
    }

    private async Task BothRunAsync()
    {
        await _scene.Agent.StartAsync();
        await _scene.SendAsync("""{"msg_type":"again","key":"1","request_id":"again"}""", """{"msg_type":"once","key":"1","request_id":"once"}""");
        await Eventually.HoldsAsync(() => Told("again").Length == 1 && Told("once").Length == 1, "both run");
        await Eventually.HoldsAsync(() => _scene.PingAsync().GetAwaiter().GetResult()["running"] == "2", "both are known to run");
    }

    private string Story => $"again: {string.Join(' ', Told("again"))}; once: {string.Join(' ', Told("once"))}";

    private Task GoAsync() => File.WriteAllTextAsync(Path.Combine(_scene.Agent.CacheFolder, "go"), "");

    private string[] Told(string doer) => [.. Lines(doer).Select(line => line.Split(' ')[0])];

    private int Pid(string doer) => int.Parse(Lines(doer).First(line => line.StartsWith("start", StringComparison.Ordinal)).Split(' ')[1]);

    private string[] Lines(string doer)
    {
        var file = Path.Combine(_scene.Agent.CacheFolder, doer);
        return File.Exists(file) ? File.ReadAllLines(file) : [];
    }

    private static string[] Notes(int first, int count) =>
        [.. Enumerable.Range(first, count).Select(n => $$"""{"msg_type":"note","n":"{{n}}","request_id":"n{{n}}"}""")];
}
