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
    public static void RemoveDiagnostics(string folder)
    {
        foreach (var name in Directory.Exists(folder) ? new[] { "dotnet-diagnostic", "clr-debug-pipe" } : [])
        {
            foreach (var file in Directory.EnumerateFiles(folder, $"{name}-{Environment.ProcessId}-*"))
            {
                try
                {
                    File.Delete(file);
                }
                catch (UnauthorizedAccessException)
                {
                    // Another user's, of an ended process that had this pid; the folder keeps each user's files for that user.
                }
            }
        }
    }

    /// <summary>For the calling thread, the threads and the processes that it starts; it can't be taken back.</summary>
    public static void ForbidNewPrivileges() => _ = Native.Prctl(SetNoNewPrivileges, 1, 0, 0, 0);
}
