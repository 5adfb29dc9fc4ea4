using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Process;

public sealed class OrphanTests : IDisposable
{
    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task Zombies_of_orphans_are_reaped_though_nobody_waits_for_them()
    {
        // Orphaned while their doer lives on; each ends long before it does.
        var run = _bench.Begin(LaunchBench.Shell("for i in 1 2 3 4 5; do (sleep 0.1 &) ; (setsid sleep 0.1 &) ; done; sleep 1000"));
        await Eventually.HoldsAsync(() => ProcProbe.ForeignZombies().Count > 0, "an orphan has ended");
        await Eventually.HoldsAsync(() => ProcProbe.ForeignZombies().Count == 0, "all of them are reaped");
        await run.Cancel.CancelAsync();
        Assert.Equal(0, (await run.Result).Survivors);
    }

    [Fact]
    public async Task Children_of_Process_keep_their_exit_codes_beside_the_launcher()
    {
        var ours = Task.WhenAll(Enumerable.Range(0, 4).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                Assert.Equal(i % 7, (await _bench.RunAsync(LaunchBench.Shell($"(sleep 0.01 &) ; exit {i % 7}"))).ExitCode);
            }
        }));
        var theirs = Task.WhenAll(Enumerable.Range(0, 2).Select(async _ =>
        {
            for (var i = 0; i < 100; i++)
            {
                using var child = System.Diagnostics.Process.Start("/bin/sh", ["-c", $"exit {i % 5}"]);
                await child.WaitForExitAsync().WaitAsync(LaunchBench.Limit);
                Assert.Equal(i % 5, child.ExitCode);
            }
        }));
        await Task.WhenAll(ours, theirs).WaitAsync(2 * LaunchBench.Limit);
    }

    [Fact]
    public async Task A_dead_child_is_not_swept_before_its_own_run_has_asked_how_it_ended()
    {
        // The thread that starts it ends, so the child is listed where the sweep looks; two sweeps and more see it dead.
        var answer = default(SpawnAnswer);
        var starter = new Thread(() => answer = Spawner.Start(new SpawnOrder("/bin/true", ["true"], [], "/", new OutputFiles("/dev/null", "/dev/null"))));
        starter.Start();
        starter.Join();
        await Eventually.HoldsAsync(() => ProcProbe.Stat(answer.Pid) is { State: 'Z' }, "it has ended");
        var other = await _bench.RunAsync(LaunchBench.Shell("(sleep 0.1 &) ; sleep 2"));
        Assert.Equal(Outcome.Ok, other.Outcome);
        Assert.NotNull(ProcProbe.Stat(answer.Pid));
        Assert.True(Reaper.TryReap(answer.Pid));
        OwnChildren.Remove(answer.Pid);
    }
}
