using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Reaps zombies of adopted orphans, by exact pid, when two sweeps in a row have seen them. What it must not take is the
/// status of a child that somebody else in this process started and waits for (System.Diagnostics.Process in tests): such a
/// child shares this process's session, an orphan of a doer never does.
/// </summary>
internal sealed partial class OrphanSweep(ILogger logger, TimeProvider time)
{
    /// <summary>From one sweep to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    private readonly int _ownSession = ProcStat.TryRead(Environment.ProcessId, out var self) ? self.Session : 0;
    private HashSet<(int Pid, long Start)> _zombies = [];
    private HashSet<(int Pid, long Start)> _reported = [];
    private long _last = time.GetTimestamp();

    /// <summary>Sweeps if the interval has passed.</summary>
    public void RunIfDue()
    {
        if (time.GetElapsedTime(_last) >= Interval)
        {
            _last = time.GetTimestamp();
            Sweep();
        }
    }

    private void Sweep()
    {
        var zombies = new HashSet<(int Pid, long Start)>();
        var reported = new HashSet<(int Pid, long Start)>();
        foreach (var process in Adopted())
        {
            var id = (process.Pid, process.StartTime);
            if (!process.IsDead)
            {
                if (_reported.Contains(id) || IsUnattributed(process))
                {
                    reported.Add(id);
                    Report(process, _reported.Contains(id));
                }
            }
            else if (!_zombies.Contains(id) || !Reaper.TryReap(process.Pid))
            {
                zombies.Add(id);
            }
        }

        _zombies = zombies;
        _reported = reported;
    }

    private IEnumerable<ProcStat> Adopted()
    {
        var self = Environment.ProcessId;
        var all = AdoptedChildren.Read() is { } pids
            ? pids.Select(static pid => ProcStat.TryRead(pid, out var stat) ? stat : default)
            : ProcessTable.Read();
        return all.Where(p => p.Parent == self && p.Session != _ownSession && !OwnChildren.Contains(p.Pid));
    }

    private static bool IsUnattributed(in ProcStat process) =>
        !OwnChildren.Contains(process.Session)
        && ProcEnvironment.Find(process, DoerMark.OfAnyDoer, out _) == MarkFinding.Absent;

    private void Report(in ProcStat process, bool before)
    {
        if (!before)
        {
            LogUnattributed(process.Pid, process.Session);
        }
    }
}
