using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Process;

public sealed class LimitTests : IDisposable
{
    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_doer_that_takes_too_long_is_ended()
    {
        var run = _bench.Begin(LaunchBench.Plan("sleep", "1000") with { Timeout = TimeSpan.FromSeconds(2) });
        var result = await run.Result;
        Assert.Equal(Outcome.Timeout, result.Outcome);
        Assert.Equal("timed out after 2s", result.Reason);
        Assert.Equal(0, result.Survivors);
        Assert.True(result.Ran);
        Assert.False(ProcProbe.IsAlive(run.Process.Pid));
    }

    [Fact]
    public async Task A_doer_that_says_nothing_for_too_long_is_ended()
    {
        var result = await _bench.RunAsync(LaunchBench.Plan("sleep", "1000") with { IdleTimeout = TimeSpan.FromSeconds(1) });
        Assert.Equal(Outcome.Timeout, result.Outcome);
        Assert.Equal("silent for 1s", result.Reason);
    }

    [Theory]
    [InlineData(CaptureMode.Pipe)]
    [InlineData(CaptureMode.Files)]
    public async Task A_doer_that_says_something_now_and_then_is_not_silent(CaptureMode capture)
    {
        var plan = LaunchBench.Plan("tick", "30", "200") with { IdleTimeout = TimeSpan.FromSeconds(5), Capture = capture };
        Assert.Equal(Outcome.Ok, (await _bench.RunAsync(plan)).Outcome);
    }

    [Fact]
    public async Task Cancelling_ends_a_run()
    {
        var run = _bench.Begin(LaunchBench.Plan("tree", "3"));
        await run.ReadyAsync();
        await run.Cancel.CancelAsync();
        var result = await run.Result;
        Assert.Equal(Outcome.Cancelled, result.Outcome);
        Assert.Equal("cancelled", result.Reason);
        Assert.Equal("SIGTERM", result.Signal);
        Assert.Empty(_bench.Living(run.Process.Pid));
    }

    [Fact]
    public async Task A_doer_that_ends_within_the_grace_tells_its_exit_code_and_its_last_words()
    {
        var run = _bench.Begin(LaunchBench.Plan("term-exits", "5") with { Grace = TimeSpan.FromSeconds(30) });
        await run.ReadyAsync();
        await run.Cancel.CancelAsync();
        var result = await run.Result;
        Assert.Equal(5, result.ExitCode);
        Assert.Equal("ended in good order\n", result.Stdout);
        Assert.InRange(result.Duration, TimeSpan.Zero, TimeSpan.FromSeconds(25));
    }

    [Fact]
    public async Task A_doer_that_ignores_SIGTERM_is_killed_after_the_grace()
    {
        var run = _bench.Begin(LaunchBench.Plan("ignore-term"));
        await run.ReadyAsync();
        await run.Cancel.CancelAsync();
        var result = await run.Result;
        Assert.Equal("SIGKILL", result.Signal);
        Assert.Equal(0, result.Survivors);
    }

    [Fact]
    public async Task A_child_that_ignores_SIGTERM_has_the_grace_too_and_is_killed_then()
    {
        var run = _bench.Begin(LaunchBench.Plan("child-ignores-term"));
        await run.ReadyAsync();
        await run.Cancel.CancelAsync();
        Assert.Equal(0, (await run.Result).Survivors);
        Assert.Empty(_bench.Living(run.Process.Pid));
    }

    [Fact]
    public async Task Without_a_grace_nothing_is_asked()
    {
        var run = _bench.Begin(LaunchBench.Plan("term-exits", "5") with { Grace = TimeSpan.Zero });
        await run.ReadyAsync();
        await run.Cancel.CancelAsync();
        Assert.Equal("SIGKILL", (await run.Result).Signal);
    }
}
