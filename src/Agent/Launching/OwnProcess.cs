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
    }

    /// <summary>For the calling thread, the threads and the processes that it starts; it can't be taken back.</summary>
    public static void ForbidNewPrivileges() => _ = Native.Prctl(SetNoNewPrivileges, 1, 0, 0, 0);
}
