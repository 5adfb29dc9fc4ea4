using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Launching.Cgroups;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;

namespace OpsAgent.Tests.Process;

/// <summary>A test during which no other one starts anything.</summary>
[CollectionDefinition(nameof(Alone), DisableParallelization = true)]
public sealed class Alone;

/// <summary>What a doer has started before its cgroup holds it: here that takes as long as it takes to start it all.</summary>
[Collection(nameof(Alone))]
public sealed class CgroupIntakeTests : IDisposable
{
    private const string Script = """
        sleep 1001 & (sleep 1001 &) ; (setsid sleep 1001 &) ; sh -c 'sleep 1001 & wait' &
        (setsid env -i sh -c 'echo $$ >made; mv made escaped; exec sleep 1001' &)
        while [ ! -e escaped ]; do sleep 0.01; done; touch ready; exec sleep 1001
        """;

    private readonly LaunchBench _bench = new();

    public void Dispose() => _bench.Dispose();

    [CgroupTheory]
    [InlineData(false, false, true)]
    [InlineData(true, false, false)]
    [InlineData(false, true, false)]
    public async Task What_a_doer_has_started_meanwhile_is_brought_in_and_what_has_cut_all_ties_if_it_can_be_no_others(
        bool withAnother, bool withOutsiders, bool isEscapedIn)
    {
        using var own = new DelegatedCgroup();
        var cgroup = new DoerCgroup(Directory.CreateDirectory($"{own.Folder}/doer-x:y:1").FullName);
        var context = _bench.Context(LaunchBench.Shell(Script));
        var folder = _bench.Folders.Create(context);
        var intake = new CgroupIntake();
        var turn = intake.Begin();
        if (withAnother)
        {
            intake.Begin();
        }

        if (withOutsiders)
        {
            intake.LeaveOutside();
        }

        var mark = $"{DoerMark.Variable}={DoerMark.Value(_bench.StateId, context)}";
        var files = new OutputFiles(Path.Combine(folder, "out"), Path.Combine(folder, "err"));
        var answer = Spawner.Start(new SpawnOrder("/bin/sh", ["sh", "-c", Script], [mark, "PATH=/usr/bin:/bin"], folder, files));
        Assert.Equal(0, answer.Error);
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(folder, "ready")) && _bench.Living(answer.Pid).Count == 6, "all are there");
        var escaped = int.Parse(await File.ReadAllTextAsync(Path.Combine(folder, "escaped")));

        Assert.Equal(0, intake.TakeIn(turn, cgroup, DoerMark.Of(_bench.StateId, context), answer.Pid));
        var held = DelegatedCgroup.Pids(cgroup.Folder);
        Assert.Empty(_bench.Living(answer.Pid).Except(held));
        Assert.Equal(isEscapedIn, held.Contains(escaped));
        Assert.Equal(isEscapedIn ? 7 : 6, held.Count);

        Assert.Equal(0, cgroup.Kill());
        await Eventually.HoldsAsync(() => !cgroup.IsPopulated, "all are gone");
        if (!isEscapedIn)
        {
            Posix.Kill(escaped, PosixSignalNumber.Kill);
        }

        OwnChildren.Remove(answer.Pid);
        Assert.True(Reaper.TryReap(answer.Pid));
    }
}
