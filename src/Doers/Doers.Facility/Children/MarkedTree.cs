using OpsAgent.Doers.Facility.Files;

namespace OpsAgent.Doers.Facility.Children;

/// <summary>All processes that carry a mark, share a session, or descend from one that does; whoever their parent is by now.</summary>
/// <param name="mark">The mark.</param>
/// <param name="session">The pid of the session's first process; 0 for none.</param>
public sealed class MarkedTree(ProcessMark mark, int session)
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan KillLimit = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Those that can still do something.</summary>
    public IReadOnlyList<ProcessFacts> Living()
    {
        var all = ProcessFacts.All();
        var members = all.Where(p => p.Pid != Environment.ProcessId && IsRoot(p)).Select(p => p.Pid).ToHashSet();
        while (all.Any(p => members.Contains(p.Parent) && p.Pid != Environment.ProcessId && members.Add(p.Pid)))
        {
            // Each pass may show parents of further ones.
        }

        return [.. all.Where(p => p.IsLiving && members.Contains(p.Pid))];
    }

    /// <summary>
    /// SIGTERM, the grace, then SIGKILL until two looks in a row find nothing (a process in the middle of execve shows an empty
    /// environment). Returns how many it could not end.
    /// </summary>
    public async Task<int> EndAsync(TimeProvider time)
    {
        var living = Living();
        Signal(living, Posix.SigTerm);
        var begun = time.GetTimestamp();
        while (living.Count > 0 && time.GetElapsedTime(begun) < Grace)
        {
            await Task.Delay(Pause, time);
            living = Living();
        }

        begun = time.GetTimestamp();
        for (var empty = 0; empty < 2 && time.GetElapsedTime(begun) < KillLimit; empty = living.Count == 0 ? empty + 1 : 0)
        {
            Signal(living, Posix.SigKill);
            await Task.Delay(Pause, time);
            living = Living();
        }

        return living.Count;
    }

    private static void Signal(IReadOnlyList<ProcessFacts> processes, int signal)
    {
        foreach (var process in processes)
        {
            if (ProcessFacts.Of(process.Pid)?.StartTime == process.StartTime)
            {
                _ = Posix.Kill(process.Pid, signal);
            }
        }
    }

    private bool IsRoot(ProcessFacts process)
    {
        if (session > 0 && process.Session == session)
        {
            return true;
        }

        try
        {
            return mark.IsIn(File.ReadAllBytes($"/proc/{process.Pid}/environ"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // another user's, or gone
        }
    }
}
