using System.Globalization;

namespace OpsAgent.Agent.Launching.Cgroups;

/// <summary>
/// Brings a doer into its cgroup. glibc can't start it there before 2.39 and no code of ours may run in it before its program does, so it
/// runs outside at first: for 40 microseconds, or, since the kernel waits for all processors before it moves the first after a rest, for
/// 5 to 20 milliseconds. What it has started by then is looked for and brought in too, by descent, by session, by mark; what has cut
/// all these ties as well, if no other doer was being started meanwhile.
/// </summary>
internal sealed class CgroupIntake
{
    private const int MostRounds = 40;

    private static readonly int OwnSession = ProcStat.TryRead(Environment.ProcessId, out var self) ? self.Session : 0;
    private int _open;
    private int _begun;
    private volatile bool _hasOutsiders;

    /// <summary>Said before a doer is started.</summary>
    public Turn Begin()
    {
        var number = Interlocked.Increment(ref _begun);
        return new Turn(number, Interlocked.Increment(ref _open) == 1);
    }

    /// <summary>Said when it is over, also if none was started.</summary>
    public void End() => Interlocked.Decrement(ref _open);

    /// <summary>Said when a doer has no cgroup: what it starts is outside too, at any time.</summary>
    public void LeaveOutside() => _hasOutsiders = true;

    /// <summary>Brings in the doer and what it has started meanwhile; 0 or the errno of the doer's own move.</summary>
    /// <exception cref="IOException">The host is short of descriptors: the doer may be in, or not.</exception>
    public int TakeIn(Turn turn, DoerCgroup cgroup, DoerMark mark, int leader)
    {
        // A doer that could not be watched is gone, and its pid with it.
        var error = OwnChildren.Contains(leader) ? cgroup.TakeIn(leader) : 0;
        if (error != 0 || !ProcStat.TryRead(leader, out var doer))
        {
            return error;
        }

        // Who is in starts its children in there; so this ends, unless a storm outruns it.
        var spin = default(SpinWait);
        for (var round = 0; round < MostRounds; round++)
        {
            var outside = Outside(turn, doer, mark, out var undetermined);
            if (outside.Count == 0 && !undetermined)
            {
                return 0;
            }

            outside.ExceptWith(cgroup.Pids());
            if (outside.Count == 0 && !undetermined)
            {
                return 0;
            }

            foreach (var pid in outside)
            {
                _ = cgroup.TakeIn(pid);
            }

            // In the middle of execve it can't be said whose it is: a millisecond later it can.
            spin.SpinOnce();
        }

        return 0;
    }

    /// <summary>What descends from the doer, or is an orphan of it; also who is inside already.</summary>
    private HashSet<int> Outside(Turn turn, in ProcStat doer, DoerMark mark, out bool undetermined)
    {
        undetermined = false;
        var found = new HashSet<int>();
        var pending = new Queue<int>(ChildrenOf(doer.Pid));
        foreach (var pid in AdoptedChildren.Read() ?? [])
        {
            if (ProcStat.TryRead(pid, out var orphan) && IsOrphanOf(turn, doer, orphan, mark, ref undetermined))
            {
                pending.Enqueue(pid);
            }
        }

        while (pending.TryDequeue(out var pid))
        {
            if (found.Add(pid))
            {
                ChildrenOf(pid).ForEach(pending.Enqueue);
            }
        }

        return found;
    }

    private bool IsOrphanOf(Turn turn, in ProcStat doer, in ProcStat orphan, DoerMark mark, ref bool undetermined)
    {
        if (orphan.IsDead || orphan.StartTime < doer.StartTime || orphan.Session == OwnSession)
        {
            return false;
        }

        if (orphan.Session == doer.Session)
        {
            return true;
        }

        var finding = ProcEnvironment.Find(orphan, mark, out _);
        undetermined |= finding == MarkFinding.Undetermined;
        return finding == MarkFinding.Present || (finding == MarkFinding.Absent && IsAlone(turn) && IsNobodys(orphan));
    }

    // In no run's cgroup, and with no run's mark.
    private static bool IsNobodys(in ProcStat orphan) =>
        CgroupPlace.OfProcess(orphan.Pid) == CgroupPlace.OfProcess(Environment.ProcessId)
        && ProcEnvironment.Find(orphan, DoerMark.OfAnyDoer, out _) == MarkFinding.Absent;

    // Nobody else was started since: then a newcomer is this doer's.
    private bool IsAlone(Turn turn) => turn.IsFirst && !_hasOutsiders && Volatile.Read(ref _begun) == turn.Number;

    private static List<int> ChildrenOf(int pid)
    {
        var children = new List<int>();
        try
        {
            foreach (var thread in Directory.EnumerateDirectories(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/task")))
            {
                var text = File.ReadAllText($"{thread}/children");
                children.AddRange(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(static p => int.Parse(p, CultureInfo.InvariantCulture)));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile; its children are orphans by now.
        }

        return children;
    }

    /// <summary>The start of one doer.</summary>
    /// <param name="Number">Of all starts.</param>
    /// <param name="IsFirst">No other was on when it began.</param>
    public readonly record struct Turn(int Number, bool IsFirst);
}
