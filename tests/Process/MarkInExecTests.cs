using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>A process in the middle of execve shows no environment; that must never be taken for one without the mark.</summary>
public sealed class MarkInExecTests : IDisposable
{
    private const int Looks = 20_000;

    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [Fact]
    public async Task A_process_that_execs_without_end_is_never_seen_without_its_mark()
    {
        var script = Path.Combine(_bench.Root, "again");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nexec \"$0\"\n");
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var run = _bench.Begin(LaunchBench.Shell($"exec {script}"));
        var mark = DoerMark.Of(_bench.StateId, run.Context);
        var seen = new int[3];
        for (var i = 0; i < Looks; i++)
        {
            Assert.True(ProcStat.TryRead(run.Process.Pid, out var stat));
            seen[(int)ProcEnvironment.Find(stat, mark, out _)]++;
        }

        await run.Cancel.CancelAsync();
        Assert.Equal(0, (await run.Result).Survivors);
        Assert.Equal(0, seen[(int)MarkFinding.Absent]);
        Assert.NotEqual(0, seen[(int)MarkFinding.Present]);
    }

    [Fact]
    public async Task A_process_with_an_empty_environment_is_seen_to_carry_no_mark()
    {
        var run = _bench.Begin(LaunchBench.Shell("exec env -i sleep 1000"));
        var mark = DoerMark.Of(_bench.StateId, run.Context);
        await Support.Eventually.HoldsAsync(
            () => ProcStat.TryRead(run.Process.Pid, out var stat) && ProcEnvironment.Find(stat, mark, out _) == MarkFinding.Absent,
            "its environment is known to be empty");
        await run.Cancel.CancelAsync();
        Assert.Equal(0, (await run.Result).Survivors);
    }
}
