using System.Globalization;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching.Cgroups;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>A doer in a cgroup of its own is gone with all it started, also with what no look at /proc can tell to be its.</summary>
[Collection(nameof(Alone))]
public sealed class CgroupTests : IDisposable
{
    private const int Repetitions = 3;

    private readonly DelegatedCgroup? _own = DelegatedCgroup.Missing() is null ? new DelegatedCgroup() : null;
    private readonly LaunchBench _bench;

    public CgroupTests() => _bench = new LaunchBench(cgroup: _own is null ? null : OwnCgroup.Of(_own.Folder));

    public void Dispose()
    {
        _bench.Dispose();
        _own?.Dispose();
    }

    [CgroupTheory]
    [InlineData("tree", "30")]
    [InlineData("doublefork")]
    [InlineData("setsid")]
    [InlineData("ignore-term")]
    [InlineData("child-ignores-term")]
    [InlineData("children-ignore-term", "30")]
    [InlineData("stopped")]
    [InlineData("clear-env")]
    [InlineData("clear-env-setsid")]
    [InlineData("escape-and-wait", "escaped")]
    public async Task Nothing_of_a_tree_is_left_when_it_was_ended(params string[] command)
    {
        for (var i = 0; i < Repetitions; i++)
        {
            var grace = i % 2 == 0 ? TimeSpan.FromMilliseconds(200) : TimeSpan.Zero;
            var run = _bench.Begin(LaunchBench.Plan(command) with { Grace = grace });
            await run.ReadyAsync();
            var cgroup = Assert.Single(_own!.Doers);
            await Eventually.HoldsAsync(() => DelegatedCgroup.Pids(cgroup).Contains(run.Process.Pid), "the doer is brought in");
            var held = DelegatedCgroup.Pids(cgroup);
            Assert.DoesNotContain(_bench.Living(run.Process.Pid).Except(held), ProcProbe.IsAlive);
            await run.Cancel.CancelAsync();
            var result = await run.Result;
            Assert.Equal((Outcome.Cancelled, 0), (result.Outcome, result.Survivors));
            Assert.DoesNotContain(held, ProcProbe.IsAlive);
            Assert.Empty(_bench.Living(run.Process.Pid));
            Assert.Empty(_own.Doers);
        }
    }

    [CgroupFact]
    public async Task Nothing_of_a_fork_storm_is_left_wherever_it_is_caught()
    {
        for (var i = 0; i < Repetitions; i++)
        {
            var run = _bench.Begin(LaunchBench.Plan("forkstorm") with { Grace = TimeSpan.Zero });
            await run.ReadyAsync();
            var most = 20 + (40 * i);
            await Eventually.HoldsAsync(() => _bench.Living(run.Process.Pid).Count >= most, $"{most} are there");
            await run.Cancel.CancelAsync();
            Assert.Equal(0, (await run.Result).Survivors);
            Assert.Empty(_bench.Living(run.Process.Pid));
            Assert.Empty(_own!.Doers);
        }
    }

    [CgroupTheory]
    [InlineData("leader-gone")]
    [InlineData("hold-stdout")]
    [InlineData("escape", "escaped")]
    public async Task What_a_doer_leaves_behind_a_normal_end_is_ended_too(params string[] command)
    {
        for (var i = 0; i < Repetitions; i++)
        {
            var run = _bench.Begin(LaunchBench.Plan(command));
            var result = await run.Result;
            Assert.Equal((Outcome.Ok, 0, 0), (result.Outcome, result.ExitCode, result.Survivors));
            Assert.Empty(_bench.Living(run.Process.Pid));
            await Eventually.HoldsAsync(() => !_own!.Doers.Any(), "it is removed");
            if (command[0] == "escape")
            {
                Assert.False(ProcProbe.IsAlive(await EscapedAsync(run)));
            }
        }
    }

    [CgroupTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_no_scan_finds_is_ended_with_its_cgroup_and_would_live_without(bool held)
    {
        using var other = new LaunchBench();
        var bench = held ? _bench : other;
        var run = bench.Begin(LaunchBench.Plan("escape-and-wait", "escaped"));
        await run.ReadyAsync();
        var escaped = await EscapedAsync(run);
        Assert.NotEqual(run.Process.Pid, ProcProbe.Stat(escaped)!.Value.Session);
        await run.Cancel.CancelAsync();
        await run.Result;
        Assert.Equal(!held, ProcProbe.IsAlive(escaped));
        if (!held)
        {
            Posix.Kill(escaped, PosixSignalNumber.Kill);
        }
    }

    [CgroupFact]
    public async Task A_run_that_leaves_nothing_behind_leaves_no_cgroup_and_is_not_taken_for_one_that_does()
    {
        for (var i = 0; i < 100; i++)
        {
            Assert.Null((await _bench.RunAsync(LaunchBench.Shell($"exit {i % 7}"))).Survivors);
        }

        await Eventually.HoldsAsync(() => !_own!.Doers.Any(), "all are removed");
    }

    [CgroupFact]
    public async Task What_another_run_orphans_meanwhile_is_left_to_it()
    {
        using var other = new LaunchBench();
        var sower = other.Begin(LaunchBench.Shell("n=0; while [ $n -lt 300 ]; do (setsid sleep 1000 &); n=$((n+1)); done; touch ready; wait; sleep 1000"));
        var survivors = new List<int?>();
        while (!File.Exists(Path.Combine(sower.Folder, "ready")))
        {
            survivors.Add((await _bench.RunAsync(LaunchBench.Shell("exit 0"))).Survivors);
        }

        var living = other.Living().Count(static pid => ProcProbe.Stat(pid) is { } stat && stat.Session == pid);
        await sower.Cancel.CancelAsync();
        Assert.Equal(0, (await sower.Result).Survivors);
        Assert.All(survivors, static s => Assert.Null(s));
        Assert.NotEmpty(survivors);

        // The doer leads a session as well.
        Assert.Equal(301, living);
    }

    [CgroupFact]
    public async Task Where_none_can_be_made_work_goes_on_and_it_is_said_once()
    {
        await File.WriteAllTextAsync($"{_own!.Folder}/cgroup.max.descendants", "0");
        Assert.Equal(Outcome.Ok, (await _bench.RunAsync(LaunchBench.Plan("leader-gone"))).Outcome);
        Assert.Equal(Outcome.Ok, (await _bench.RunAsync(LaunchBench.Plan("exit", "0"))).Outcome);
        Assert.Empty(_bench.Living());
        Assert.Single(_bench.Log.Lines, static l => l.Contains("A doer has no cgroup", StringComparison.Ordinal));
    }

    [CgroupFact]
    public void In_one_that_nobody_has_delegated_none_is_made()
    {
        using var bare = new DelegatedCgroup(isDelegated: false);
        Assert.Equal((null, $"{bare.Folder} is not delegated: the unit has no Delegate="), (OwnCgroup.Of(bare.Folder).Folder, OwnCgroup.Of(bare.Folder).Why));
        var top = Path.GetDirectoryName(bare.Folder)!;
        Assert.Contains("topmost", OwnCgroup.Of(top).Why, StringComparison.Ordinal);
        Assert.Equal(_own!.Folder, OwnCgroup.Of(_own.Folder).Folder);
    }

    private static async Task<int> EscapedAsync(BegunRun run)
    {
        var file = Path.Combine(run.Folder, "escaped");
        await Eventually.HoldsAsync(() => File.Exists(file), "it has escaped");
        return int.Parse(await File.ReadAllTextAsync(file), CultureInfo.InvariantCulture);
    }
}
