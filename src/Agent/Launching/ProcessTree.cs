using OpsAgent.Agent.Launching.Cgroups;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Which processes belong to a doer: its leader, what descends from one that belongs, what is in a session that one of them
/// leads, what carries the mark, and what is in the run's cgroup. What was once seen to belong still does when its parent is gone.
/// Nothing else does, however likely it looks. Not seen without a cgroup: what clears its environment, forks twice and calls setsid.
/// </summary>
internal sealed class ProcessTree
{
    private readonly DoerMark _mark;
    private readonly bool _everywhere;
    private readonly int _leader;
    private readonly Dictionary<int, long> _members = [];
    private readonly Dictionary<int, long> _sessions = [];
    private readonly int _ownSession = ProcStat.TryRead(Environment.ProcessId, out var self) ? self.Session : 0;

    private ProcessTree(DoerMark mark, int leader, long startTime, bool everywhere, IReadOnlyList<DoerCgroup> cgroups)
    {
        Cgroups = cgroups;
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
    public static ProcessTree OfChild(DoerMark mark, DoerProcess leader, DoerCgroup? cgroup = null) =>
        new(mark, leader.Pid, leader.StartTime, everywhere: false, cgroup is null ? [] : [cgroup]);

    /// <summary>The tree of a former agent's doer: its orphans hang below pid 1, so every process is asked for its mark.</summary>
    public static ProcessTree OfForeign(DoerMark mark, DoerProcess leader, IReadOnlyList<DoerCgroup> cgroups) =>
        new(mark, leader.Pid, leader.StartTime, everywhere: true, cgroups);

    /// <summary>What carries a mark, anywhere, or is in these cgroups, with its descendants; no leader is known.</summary>
    public static ProcessTree OfMark(DoerMark mark, IReadOnlyList<DoerCgroup> cgroups) => new(mark, 0, 0, everywhere: true, cgroups);

    /// <summary>Whose members all belong to it; none where no cgroup was delegated.</summary>
    public IReadOnlyList<DoerCgroup> Cgroups { get; }

    /// <summary>The leader's pid; 0 if none is known.</summary>
    public int Leader => _leader;

    /// <summary>True if the leader is a child of ours that is not reaped, so that its group's number can't be another's.</summary>
    public bool HoldsGroup => !_everywhere;

    /// <summary>
    /// After the leader's end: true if something of it may be left. Cheap, as it looks only at what this process adopted: each
    /// orphan is there, or below one that is.
    /// </summary>
    /// <param name="others">Orphans were found that nothing tells to belong to it: its cgroup may.</param>
    public bool MayHaveLeftovers(out bool others)
    {
        others = false;
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

                others |= !stat.IsDead;
                if (stat.IsDead && stat.Session == _leader)
                {
                    Reaper.TryReap(pid);
                }
            }

            before = pids;
        }

        return true;
    }

    /// <summary>After the leader's end, and once its cgroup is filled: true if somebody lives in that.</summary>
    public bool IsHeld() => Cgroups.Any(HoldsLiving);

    /// <summary>Looks at all processes once.</summary>
    /// <exception cref="IOException">The host is short of descriptors: nothing is known.</exception>
    public TreeScan Scan()
    {
        var held = HeldPids();
        var table = ProcessTable.Read();
        if (held.Count > 0)
        {
            // In it before and after: so the process that was read meanwhile is the one that was in it, not another of its pid.
            held.IntersectWith(HeldPids());
        }

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
            if (IsKnown(process) || held.Contains(process.Pid) || IsMarked(process, scan))
            {
                pending.Enqueue(process);
            }
        }

        Close(table, children, pending, scan);
        scan.IsUndetermined |= scan.Living.Count == 0 && Cgroups.Any(static c => c.IsPopulated);
        return scan;
    }

    private HashSet<int> HeldPids()
    {
        var held = new HashSet<int>();
        foreach (var cgroup in Cgroups)
        {
            held.UnionWith(cgroup.Pids());
        }

        return held;
    }

    private bool HoldsLiving(DoerCgroup cgroup) =>
        cgroup.IsPopulated && cgroup.Pids().Any(pid => pid != _leader && ProcStat.TryRead(pid, out var stat) && !stat.IsDead);

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
