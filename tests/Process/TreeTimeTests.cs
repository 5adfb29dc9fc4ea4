using System.Diagnostics;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Launching.Cgroups;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Process;

/// <summary>How long the end of thirty processes takes once their grace is over.</summary>
public sealed class TreeTimeTests(ITestOutputHelper output) : IDisposable
{
    private const int Rounds = 7;

    private static readonly double Promised = Figure.Of(50, onABusyMachine: 500);

    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Theory]
    [InlineData(0, "tree", "30")]
    [InlineData(160, "children-ignore-term", "30")]
    public Task Thirty_processes_are_gone_soon_after_their_grace(int graceMs, params string[] command) =>
        EndThirtyAsync(_bench, "30 processes", graceMs, command);

    [CgroupTheory]
    [InlineData(0, "tree", "30")]
    [InlineData(160, "children-ignore-term", "30")]
    public async Task In_a_cgroup_too(int graceMs, params string[] command)
    {
        using var own = new DelegatedCgroup();
        using var bench = new LaunchBench(cgroup: OwnCgroup.Of(own.Folder));
        await EndThirtyAsync(bench, "30 processes in a cgroup", graceMs, command);
    }

    [Fact]
    public async Task The_wait_for_those_that_ignore_SIGTERM_ends_with_the_grace_and_not_after_it()
    {
        var run = _bench.Begin(LaunchBench.Plan("children-ignore-term", "1"));
        await run.ReadyAsync();
        var time = new InstantTime();
        var grace = TimeSpan.FromMilliseconds(160);
        var tree = ProcessTree.OfMark(DoerMark.OfAnyAttempt(_bench.StateId, run.Context.RequestId), []);
        await new ScanningTreeEnder(NullLogger<ScanningTreeEnder>.Instance, time).EndAsync(tree, leaderExited: null, grace);
        Assert.InRange(time.Elapsed, grace, grace + TimeSpan.FromMilliseconds(60));
        await run.Cancel.CancelAsync();
        Assert.Equal(0, (await run.Result).Survivors);
    }

    private async Task EndThirtyAsync(LaunchBench bench, string what, int graceMs, string[] command)
    {
        var after = new List<double>();
        for (var i = 0; i < Rounds; i++)
        {
            var run = bench.Begin(LaunchBench.Plan(command) with { Grace = TimeSpan.FromMilliseconds(graceMs) });
            await run.ReadyAsync();
            Assert.True(bench.Living(run.Process.Pid).Count > 30, "thirty and their leader");
            var watch = Stopwatch.StartNew();
            await run.Cancel.CancelAsync();
            var result = await run.Result;
            after.Add(watch.Elapsed.TotalMilliseconds - graceMs);
            Assert.Equal(0, result.Survivors);
            Assert.Empty(bench.Living(run.Process.Pid));
        }

        after.Sort();
        output.Tell(
            $"{command[0]}: {what} gone {after[Rounds / 2]:0.0} ms after a grace of {graceMs} ms "
            + $"(median of {Rounds}; {after[0]:0.0} to {after[^1]:0.0})");
        Assert.InRange(after[Rounds / 2], -graceMs, Promised);
    }
}
