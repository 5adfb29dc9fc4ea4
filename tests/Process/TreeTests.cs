using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>Promise R4 at small scale: a doer that is ended is gone with all it started.</summary>
public sealed class TreeTests : IDisposable
{
    private const int Repetitions = 10;

    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData("tree", "30")]
    [InlineData("doublefork")]
    [InlineData("setsid")]
    [InlineData("ignore-term")]
    [InlineData("child-ignores-term")]
    [InlineData("stopped")]
    [InlineData("clear-env")]
    [InlineData("clear-env-setsid")]
    public async Task Nothing_of_a_tree_is_left_when_it_was_ended(params string[] command)
    {
        for (var i = 0; i < Repetitions; i++)
        {
            // Every other time without SIGTERM, so that all of it is alive when it is killed.
            var grace = i % 2 == 0 ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
            var run = _bench.Begin(LaunchBench.Plan(command) with { Grace = grace });
            await run.ReadyAsync();
            var before = _bench.Living(run.Process.Pid);
            await run.Cancel.CancelAsync();
            var result = await run.Result;
            Assert.Equal(0, result.Survivors);
            Assert.Empty(_bench.Living(run.Process.Pid));
            Assert.DoesNotContain(before, ProcProbe.IsAlive);
        }
    }

    [Fact]
    public async Task Nothing_of_a_fork_storm_is_left_wherever_it_is_caught()
    {
        for (var i = 0; i < Repetitions; i++)
        {
            var run = _bench.Begin(LaunchBench.Plan("forkstorm") with { Grace = TimeSpan.Zero });
            await run.ReadyAsync();
            var most = 20 + (10 * i);
            await Support.Eventually.HoldsAsync(() => _bench.Living(run.Process.Pid).Count >= most, $"{most} are there");
            await run.Cancel.CancelAsync();
            Assert.Equal(0, (await run.Result).Survivors);
            Assert.Empty(_bench.Living(run.Process.Pid));
        }
    }

    [Theory]
    [InlineData("leader-gone")]
    [InlineData("hold-stdout")]
    public async Task What_a_doer_leaves_behind_a_normal_end_is_ended_too(string command)
    {
        for (var i = 0; i < Repetitions; i++)
        {
            var run = _bench.Begin(LaunchBench.Plan(command));
            var result = await run.Result;
            Assert.Equal(Outcome.Ok, result.Outcome);
            Assert.Equal(0, result.ExitCode);
            Assert.Equal(0, result.Survivors);
            Assert.Empty(_bench.Living(run.Process.Pid));
        }
    }

    [Fact]
    public async Task Ending_one_run_leaves_all_others_alone()
    {
        var others = Enumerable.Range(0, 3).Select(_ => _bench.Begin(LaunchBench.Plan("doublefork"))).ToList();
        var run = _bench.Begin(LaunchBench.Plan("setsid"));
        await Task.WhenAll(others.Append(run).Select(static r => r.ReadyAsync()));
        await run.Cancel.CancelAsync();
        Assert.Equal(0, (await run.Result).Survivors);
        foreach (var other in others)
        {
            Assert.False(other.Result.IsCompleted);
            Assert.Equal(2, ProcProbe.Living($":{other.Context.RequestId}:1\0").Count);
            await other.Cancel.CancelAsync();
            Assert.Equal(0, (await other.Result).Survivors);
        }
    }
}
