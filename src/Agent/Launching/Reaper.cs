namespace OpsAgent.Agent.Launching;

/// <summary>Takes the status of a dead child, always of one that is named: a wait for just any child would take others' too.</summary>
internal static unsafe class Reaper
{
    /// <summary>Reaps the child of that pid if it is dead; false if there was nothing to reap.</summary>
    public static bool TryReap(int pid) => TryReap(Native.WaitByPid, pid);

    /// <summary>Reaps the child that the descriptor stands for if it is dead.</summary>
    public static bool TryReapPidfd(int pidfd) => TryReap(Native.WaitByPidfd, pidfd);

    /// <summary>Waits for a child that was sent SIGKILL, and reaps it.</summary>
    public static void WaitAndReap(int pid)
    {
        var info = stackalloc int[32];
        _ = Native.WaitId(Native.WaitByPid, pid, info, Native.WaitExited);
    }

    private static bool TryReap(int type, int id)
    {
        var info = stackalloc int[32];
        info[4] = 0;
        return Native.WaitId(type, id, info, Native.WaitExited | Native.WaitNoHang) == 0 && info[4] != 0;
    }
}
