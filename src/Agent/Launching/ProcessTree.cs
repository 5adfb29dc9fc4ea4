namespace OpsAgent.Agent.Launching;

/// <summary>
/// Which processes belong to a doer: its leader, what descends from one that belongs, what is in a session that one of them
/// leads, and what carries the mark. What was once seen to belong still does when its parent is gone. Nothing else does,
/// however likely it looks. Not seen: what clears its environment, forks twice and calls setsid; only a cgroup holds that.
/// </summary>
internal sealed class ProcessTree
{
    private readonly DoerMark _mark;
    private readonly bool _everywhere;
    private readonly int _leader;
    private readonly Dictionary<int, long> _members = [];
    private readonly Dictionary<int, long> _sessions = [];
    private readonly int _ownSession = ProcStat.TryRead(Environment.ProcessId, out var self) ? self.Session : 0;

    private ProcessTree(DoerMark mark, int leader, long startTime, bool everywhere)
    {
        _mark = mark;
        _leader = leader;
        _everywhere = everywhere;
        if (leader > 0)
        {
            _members[leader] = startTime;
            _sessions[leader] = startTime;
        }
    }

    /// <summary>The tree of a child of ours: orphans of it are children of ours too, so the mark is looked for only there.</summary>
    public static ProcessTree OfChild(DoerMark mark, DoerProcess leader) => new(mark, leader.Pid, leader.StartTime, everywhere: false);

    /// <summary>The tree of a former agent's doer: its orphans hang below pid 1, so every process is asked for its mark.</summary>
    public static ProcessTree OfForeign(DoerMark mark, DoerProcess leader) => new(mark, leader.Pid, leader.StartTime, everywhere: true);

    /// <summary>What carries a mark, anywhere, with its descendants; no leader is known.</summary>
    public static ProcessTree OfMark(DoerMark mark) => new(mark, 0, 0, everywhere: true);

    /// <summary>The leader's pid; 0 if none is known.</summary>
    public int Leader => _leader;

    /// <summary>True if the leader is a child of ours that is not reaped, so that its group's number can't be another's.</summary>
    public bool HoldsGroup => !_everywhere;

    /// <summary>
    /// After the leader's end: true if something of it may be left. Cheap, as it looks only at what this process adopted: each
    /// orphan is there, or below one that is.
    /// </summary>
    public bool MayHaveLeftovers()
    {
        // An empty list is exact. One with entries is read until two reads agree, as an end meanwhile can hide a neighbour.
        List<int>? before = null;
        for (var reads = 0; reads < 4; reads++)
        {
            if (AdoptedChildren.Read() is not { } pids)
            {
                return true;
            }

            if (pids.Count == 0 || (before is not null && before.SequenceEqual(pids)))
            {
                return false;
            }

            foreach (var pid in pids)
            {
                if (!ProcStat.TryRead(pid, out var stat))
                {
                    continue;
                }

                if (!stat.IsDead && MayBelong(stat))
                {
                    return true;
                }

                if (stat.IsDead && stat.Session == _leader)
                {
                    Reaper.TryReap(pid);
                }
            }

            before = pids;
        }

        return true;
    }

    /// <summary>Looks at all processes once.</summary>
    /// <exception cref="IOException">The host is short of descriptors: nothing is known.</exception>
    public TreeScan Scan()
    {
        var table = ProcessTable.Read();
        var scan = new TreeScan();
        var children = new Dictionary<int, List<ProcStat>>();
        var pending = new Queue<ProcStat>();
        DropReusedSessions(table);
        foreach (var process in table)
        {
            if (IsUntouchable(process))
            {
                continue;
            }

            if (!children.TryGetValue(process.Parent, out var siblings))
            {
                children[process.Parent] = siblings = [];
            }

            siblings.Add(process);
            if (IsKnown(process) || IsMarked(process, scan))
            {
                pending.Enqueue(process);
            }
        }

        Close(table, children, pending, scan);
        return scan;
    }

    // Sessions found on the way bring in more members, whose descendants belong too.
    private void Close(List<ProcStat> table, Dictionary<int, List<ProcStat>> children, Queue<ProcStat> pending, TreeScan scan)
    {
        var seen = new HashSet<int>();
        var all = table.Select(static p => p.Pid).ToHashSet();
        var sessions = -1;
        while (pending.Count > 0)
        {
            while (pending.TryDequeue(out var process))
            {
                if (!seen.Add(process.Pid))
                {
                    continue;
                }

                Take(process, all, scan);
                foreach (var child in children.GetValueOrDefault(process.Pid) ?? [])
                {
                    pending.Enqueue(child);
                }
            }

            if (sessions != _sessions.Count)
            {
                sessions = _sessions.Count;
                foreach (var process in table)
                {
                    if (!seen.Contains(process.Pid) && !IsUntouchable(process) && IsInSession(process))
                    {
                        pending.Enqueue(process);
                    }
                }
            }
        }
    }

    private void Take(in ProcStat process, HashSet<int> all, TreeScan scan)
    {
        _members[process.Pid] = process.StartTime;
        if (process.Session == process.Pid)
        {
            _sessions[process.Pid] = process.StartTime;
        }
        else if (process.Session > 1 && process.Session != _ownSession && !all.Contains(process.Session))
        {
            // Its session's leader is gone; nobody can join another's session, so the session began in this tree.
            _sessions.TryAdd(process.Session, 0);
        }

        (process.IsDead ? scan.Dead : scan.Living).Add(process);
    }

    private bool MayBelong(in ProcStat process) =>
        IsKnown(process) || (!IsUntouchable(process) && ProcEnvironment.Find(process, _mark, out _) != MarkFinding.Absent);

    // This agent, pid 1, the kernel's threads, and other runs' doers: whatever else seems to be so, they are not ours to end.
    private bool IsUntouchable(in ProcStat process) =>
        process.Pid <= 1
        || process.Pid == Environment.ProcessId
        || process.IsKernelThread
        || (process.Pid != _leader && OwnChildren.Contains(process.Pid));

    private bool IsKnown(in ProcStat process) =>
        (_members.TryGetValue(process.Pid, out var start) && start == process.StartTime) || IsInSession(process);

    private bool IsInSession(in ProcStat process) =>
        _sessions.ContainsKey(process.Session)
        && (process.Session == _leader || !OwnChildren.Contains(process.Session));

    // A session's number stays taken while it has members, so a leader with another start time means that all of ours are gone.
    private void DropReusedSessions(List<ProcStat> table)
    {
        foreach (var process in table)
        {
            if (process.Pid == process.Session
                && _sessions.TryGetValue(process.Pid, out var start)
                && start != process.StartTime)
            {
                _sessions.Remove(process.Pid);
            }
        }
    }

    private bool IsMarked(in ProcStat process, TreeScan scan)
    {
        if (process.IsDead || !(_everywhere || process.Parent == Environment.ProcessId))
        {
            return false;
        }

        var finding = ProcEnvironment.Find(process, _mark, out _);
        scan.IsUndetermined |= finding == MarkFinding.Undetermined;
        return finding == MarkFinding.Present;
    }
}
