using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.OpsCtl.Terminal;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl top against a real door on a real socket.</summary>
public sealed class TopCommandTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();
    private readonly FakeTime _time = new(Moments.Start + TimeSpan.FromMinutes(1));
    private readonly OpsCtlRun _run = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        _run.Time = _time;
        _door.Work.Counts = new WorkCounts(3, 2, 1, Moments.Start);
        _door.Work.Lanes = [new LaneCounts(new LaneName("fetch"), 4, 3, 2, Moments.Start)];
        _door.Agent.Now = _door.Agent.Now with { LastError = new(Moments.Start, "it failed") };
        _door.Work.Rows.AddRange([
            Moments.Row("queued"),
            Moments.Row("young", "running") with { StartedAt = Moments.Start.AddSeconds(50), Attempts = 1, Pid = 7, RequestedBy = "al\u001bice" },
            Moments.Row("old", "starting") with { StartedAt = Moments.Start, Attempts = 2 },
            Moments.Row("doubtful", "doubt") with { Reason = "went down" },
            Moments.Row("done", "settled"),
        ]);
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task Where_there_is_no_terminal_it_is_shown_once_with_what_runs_longest_first()
    {
        Assert.Equal(0, await _run.RunAsync("top"));

        Assert.Equal("health\tDEGRADED: 1 in doubt: opsctl work list --state doubt", _run.Lines[0]);
        Assert.Contains("lane fetch\t2 of 4 slots run, 3 queued, oldest 60 s", _run.Lines);
        Assert.Contains("outbox\tempty", _run.Lines);
        Assert.Contains("last error\t2026-08-05T12:00:00Z it failed", _run.Lines);
        Assert.Equal(
            [
                "running\told\tfetch_payload_log\tfetch\t60 s\t2\t-\t-",
                "running\tyoung\tfetch_payload_log\tfetch\t10 s\t1\t7\tal\\u001bice",
                "doubt\tdoubtful\tfetch_payload_log\t60 s\tfetch:1:2\twent down",
            ],
            _run.Lines[^3..]);
    }

    [Fact]
    public async Task On_a_terminal_it_goes_on_until_it_is_interrupted()
    {
        _run.OnTerminal();
        using var interrupt = new CancellationTokenSource();
        var running = _run.RunAsync(interrupt.Token, "top", "--interval", "1s");
        await Eventually.HoldsAsync(() => _run.Out.Contains("RUNS", StringComparison.Ordinal), "the first picture");
        Assert.Contains("IN DOUBT", _run.Out, StringComparison.Ordinal);
        _door.Work.Rows.Add(Moments.Row("another", "running") with { StartedAt = Moments.Start });
        await Eventually.HoldsAsync(() => _time.ArmedTimers > 0, "it waits");
        _time.Advance(TimeSpan.FromSeconds(1));
        await Eventually.HoldsAsync(() => _run.Out.Contains("another", StringComparison.Ordinal), "the next picture");

        await interrupt.CancelAsync();
        Assert.Equal(0, await running.WaitAsync(Eventually.Limit));
    }

    [Fact]
    public async Task Without_an_agent_there_is_nothing_to_see()
    {
        _run.Environment["OPSAGENT_STATE_DIR"] = "/nowhere";

        Assert.Equal(69, await _run.RunAsync("top"));
        _run.OnTerminal();
        Assert.Equal(69, await _run.RunAsync("top"));
    }
}
