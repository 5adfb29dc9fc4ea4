namespace OpsAgent.Agent.Launching;

/// <summary>Signals a process by its pid and start time, so that whoever got the pid later is never hit.</summary>
internal static class ExactSignal
{
    /// <summary>Sends it; false if the process is gone, is another one by now, or may not be signalled.</summary>
    public static bool TrySend(in ProcStat process, int signal)
    {
        var pidfd = Native.OpenPidfd(process.Pid);
        if (pidfd < 0)
        {
            return false;
        }

        try
        {
            return ProcStat.TryRead(process.Pid, out var now)
                && now.StartTime == process.StartTime
                && Native.SignalPidfd(pidfd, signal) == 0;
        }
        finally
        {
            _ = Native.Close(pidfd);
        }
    }

    /// <summary>Signals a whole process group whose leader is a child of ours that is not reaped: the number is its own.</summary>
    public static void SendToGroup(int group, int signal) => _ = Native.Kill(-group, signal);
}
