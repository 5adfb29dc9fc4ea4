using System.Globalization;

namespace OpsAgent.Agent.Launching;

/// <summary>What the agent's process gives up before it has read a password.</summary>
internal static unsafe class OwnProcess
{
    private const int CoreLimit = 4;
    private const int SetDumpable = 4;
    private const int SetNoNewPrivileges = 38;

    /// <summary>
    /// No core dump, of it or of any doer. No other process of its user may read its memory, its environment or its descriptors: a
    /// doer is one. And no program that is started from here on gains rights by being set-user-id.
    /// </summary>
    public static void Close()
    {
        var none = stackalloc ulong[] { 0, 0 };
        _ = Native.SetLimit(CoreLimit, none);
        _ = Native.Prctl(SetDumpable, 0, 0, 0, 0);
        ForbidNewPrivileges();
        RemoveDiagnostics(Path.GetTempPath());
    }

    /// <summary>
    /// The runtime listens there for whoever is of its user, and would give them its memory or run their code. It can be told not to by its
    /// environment alone, as the unit does; where it was not, the names are removed, and nobody finds the sockets.
    /// </summary>
    private static void RemoveDiagnostics(string folder)
    {
        if (!ProcStat.TryRead(Environment.ProcessId, out var self))
        {
            return;
        }

        // Named by its pid and by when it started: those of another process with this pid, in the folder too, are none of ours.
        var own = string.Create(CultureInfo.InvariantCulture, $"{self.Pid}-{self.StartTime}");
        foreach (var name in new[] { $"dotnet-diagnostic-{own}-socket", $"clr-debug-pipe-{own}-in", $"clr-debug-pipe-{own}-out" })
        {
            try
            {
                File.Delete(Path.Combine(folder, name));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // A folder that can't be written: there the runtime has made none.
            }
        }
    }

    /// <summary>For the calling thread, the threads and the processes that it starts; it can't be taken back.</summary>
    public static void ForbidNewPrivileges() => _ = Native.Prctl(SetNoNewPrivileges, 1, 0, 0, 0);
}
