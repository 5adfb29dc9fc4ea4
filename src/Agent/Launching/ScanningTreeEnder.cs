using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Ends a tree: kills its cgroup, if it has one, and scans /proc until two looks in a row, some milliseconds apart, find nothing.
/// </summary>
internal sealed partial class ScanningTreeEnder(ILogger<ScanningTreeEnder> logger, TimeProvider time) : ITreeEnder
{
    /// <summary>How long what was sent SIGKILL may take to die. In the kernel's uninterruptible sleep it may take for ever.</summary>
    public static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(10);

    // One empty look let 1 of 960 live: a process in the middle of execve shows no environment.
    private static readonly TimeSpan BetweenEmptyLooks = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan BetweenKills = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan ShortestWait = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestCgroupWait = TimeSpan.FromSeconds(1);
    private const int StoppingRounds = 3;

    /// <inheritdoc/>
    public async Task<EndReport> EndAsync(ProcessTree tree, Task? leaderExited, TimeSpan grace)
    {
        var ended = new HashSet<(int, long)>();
        if (grace > TimeSpan.Zero)
        {
            // Looked at before anybody ends: who loses its parent by the SIGTERM is known by then.
            var first = Look(tree);
            if (first is not { IsEmpty: true })
            {
                Terminate(tree, first, ended);
                await WaitOutAsync(tree, leaderExited, grace);
            }
        }

        if (tree.Cgroups.Count > 0)
        {
            await KillCgroupsAsync(tree, ended);
        }

        return await KillAsync(tree, ended);
    }

    // One write kills all that is in it. Whoever lives on, for it was never in or is stuck in the kernel, is left to the scan.
    private async Task KillCgroupsAsync(ProcessTree tree, HashSet<(int, long)> ended)
    {
        var scan = Look(tree);
        if (scan is { IsEmpty: true })
        {
            return;
        }

        var killed = false;
        foreach (var cgroup in tree.Cgroups)
        {
            var error = cgroup.Kill();
            killed |= error == 0;
            if (error is not (0 or Errno.NoEntry or Errno.NoDevice))
            {
                LogCgroupNotKilled(cgroup.Folder, SpawnFailure.Text(error));
            }
        }

        if (killed)
        {
            ended.UnionWith(scan?.Living.Select(static p => (p.Pid, p.StartTime)) ?? []);
            var start = time.GetTimestamp();
            while (tree.Cgroups.Any(static c => c.IsPopulated) && time.GetElapsedTime(start) < LongestCgroupWait)
            {
                await Task.Delay(BetweenKills, time, CancellationToken.None);
            }
        }
    }

    // The leader's session; with no leader known, each process that was found.
    private static void Terminate(ProcessTree tree, TreeScan? scan, HashSet<(int, long)> ended)
    {
        if (tree.HoldsGroup)
        {
            // Reaches what forks meanwhile. A stopped process takes its SIGTERM only when it goes on.
            ExactSignal.SendToGroup(tree.Leader, SignalNames.Terminate);
            ExactSignal.SendToGroup(tree.Leader, SignalNames.Continue);
        }

        foreach (var process in scan?.Living ?? [])
        {
            if (tree.Leader != 0 && process.Session != tree.Leader)
            {
                continue;
            }

            ended.Add((process.Pid, process.StartTime));
            if (!tree.HoldsGroup || process.Group != tree.Leader)
            {
                ExactSignal.TrySend(process, SignalNames.Terminate);
                ExactSignal.TrySend(process, SignalNames.Continue);
            }
        }
    }

    private async Task WaitOutAsync(ProcessTree tree, Task? leaderExited, TimeSpan grace)
    {
        var start = time.GetTimestamp();
        if (leaderExited is not null)
        {
            using var leaderWait = new CancellationTokenSource();
            await Task.WhenAny(leaderExited, Task.Delay(grace, time, leaderWait.Token));
            await leaderWait.CancelAsync();
        }

        for (var wait = ShortestWait; time.GetElapsedTime(start) < grace; wait = wait < LongestWait ? wait * 2 : LongestWait)
        {
            if (Look(tree) is { IsEmpty: true })
            {
                return;
            }

            // Never past the end of the grace: who is left then has had its time.
            var left = grace - time.GetElapsedTime(start);
            if (left > TimeSpan.Zero)
            {
                await Task.Delay(left < wait ? left : wait, time, CancellationToken.None);
            }
        }
    }

    private async Task<EndReport> KillAsync(ProcessTree tree, HashSet<(int, long)> ended)
    {
        var start = time.GetTimestamp();
        var empty = 0;
        TreeScan? last = null;
        for (var round = 0; time.GetElapsedTime(start) < KillLimit; round++)
        {
            var scan = Look(tree);
            last = scan ?? last;
            if (scan is { IsEmpty: true })
            {
                if (++empty == 2)
                {
                    return new EndReport(ended.Count, 0);
                }

                await Task.Delay(BetweenEmptyLooks, time, CancellationToken.None);
                continue;
            }

            empty = 0;
            if (scan is not null && (round >= StoppingRounds || !StopAll(scan)))
            {
                KillAll(scan, ended);
            }
            else if (scan is null && tree.HoldsGroup)
            {
                // Not even a descriptor to look with: what needs none.
                ExactSignal.SendToGroup(tree.Leader, SignalNames.Kill);
            }

            await Task.Delay(BetweenKills, time, CancellationToken.None);
        }

        return Survived(tree, last, ended);
    }

    // All stand still before one is killed: a fork storm forks no more, and nobody loses the parent that shows whose it is. True
    // if some did not stand still yet: they are looked at again first.
    private static bool StopAll(TreeScan scan)
    {
        var moving = false;
        foreach (var process in scan.Living)
        {
            if (process.State is not ('T' or 't'))
            {
                moving |= ExactSignal.TrySend(process, SignalNames.Stop);
            }
        }

        return moving;
    }

    private static void KillAll(TreeScan scan, HashSet<(int, long)> ended)
    {
        foreach (var process in scan.Living)
        {
            if (ExactSignal.TrySend(process, SignalNames.Kill))
            {
                ended.Add((process.Pid, process.StartTime));
            }
        }
    }

    private EndReport Survived(ProcessTree tree, TreeScan? last, HashSet<(int Pid, long Start)> ended)
    {
        // Not one look could be taken: then it is not known that anything is gone. Nor is it of a cgroup that is not empty.
        var survivors = Math.Max(last?.Living.Count ?? 1, tree.Cgroups.Any(static c => c.IsPopulated) ? 1 : 0);
        foreach (var process in last?.Living ?? [])
        {
            ended.Remove((process.Pid, process.StartTime));
            LogSurvivor(process.Pid, process.State, process.Session);
        }

        return new EndReport(ended.Count, survivors);
    }

    // Null if the host is short of descriptors: that is no proof of anything, so it counts as not empty.
    private TreeScan? Look(ProcessTree tree)
    {
        try
        {
            var scan = tree.Scan();
            foreach (var process in scan.Dead)
            {
                // What this process adopted nobody else reaps; the leader is kept for its number, other children have their owner.
                if (process.Parent == Environment.ProcessId && !OwnChildren.Contains(process.Pid))
                {
                    Reaper.TryReap(process.Pid);
                }
            }

            return scan;
        }
        catch (IOException e)
        {
            LogScanFailed(e);
            return null;
        }
    }
}
