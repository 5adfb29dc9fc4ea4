using System.Collections.Concurrent;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// The doers that this process started and has not reaped. One set for the whole process, as the kernel's list of children is
/// one: whoever sweeps or scans must know them all.
/// </summary>
internal static class OwnChildren
{
    private static readonly ConcurrentDictionary<int, bool> Pids = new();

    /// <summary>Takes in a child that was just started.</summary>
    public static void Add(int pid) => Pids[pid] = true;

    /// <summary>True if it is one of ours, or was until it is reaped.</summary>
    public static bool Contains(int pid) => Pids.ContainsKey(pid);

    /// <summary>Lets go of a child. Called before it is reaped: afterwards its pid may be that of another one started since.</summary>
    public static void Remove(int pid) => Pids.TryRemove(pid, out _);
}
