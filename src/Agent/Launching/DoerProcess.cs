using System.Runtime.InteropServices;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// A process that is waited for: a child of ours, or one of a former agent that lives on. Until it is disposed a child stays
/// un-reaped, so its pid can't become another's.
/// </summary>
internal sealed class DoerProcess : IDisposable
{
    private readonly ExitWatcher _watcher;
    private readonly int _pidfd;
    private readonly long _token;
    private readonly bool _isChild;

    private DoerProcess(ExitWatcher watcher, int pid, int pidfd, long startTime, bool isChild)
    {
        _watcher = watcher;
        _pidfd = pidfd;
        _isChild = isChild;
        Pid = pid;
        StartTime = startTime;
        Exited = watcher.WatchAsync(pidfd, out _token);
    }

    /// <summary>Its pid, which is also its session's and its group's.</summary>
    public int Pid { get; }

    /// <summary>Field 22 of its stat.</summary>
    public long StartTime { get; }

    /// <summary>Completes when it has ended, with how; it never fails.</summary>
    public Task<ExitStatus> Exited { get; }

    /// <summary>Takes charge of a child that was just started.</summary>
    /// <exception cref="IOException">The host is short of descriptors: the child was killed and reaped.</exception>
    /// <exception cref="ObjectDisposedException">The agent is ending: as above.</exception>
    public static DoerProcess OfChild(ExitWatcher watcher, int pid)
    {
        var pidfd = -1;
        try
        {
            // The pid is safe to use: the child is not reaped by anybody but us.
            pidfd = Native.OpenPidfd(pid);
            if (pidfd < 0)
            {
                throw new IOException($"pidfd_open: errno {Marshal.GetLastPInvokeError()}");
            }

            return ProcStat.TryRead(pid, out var stat)
                ? new DoerProcess(watcher, pid, pidfd, stat.StartTime, isChild: true)
                : throw new IOException($"/proc/{pid}/stat can't be read");
        }
        catch
        {
            // Whatever it was: a child that nobody watches must not run.
            KillUnwatched(pid, pidfd);
            throw;
        }
    }

    /// <summary>Finds a process of a former agent again; null if it is gone, dead, or its pid is another's now.</summary>
    /// <exception cref="IOException">The host is short of descriptors: it can't be said.</exception>
    public static DoerProcess? OfForeign(ExitWatcher watcher, int pid, long startTime)
    {
        var pidfd = Native.OpenPidfd(pid);
        if (pidfd < 0)
        {
            var error = Marshal.GetLastPInvokeError();
            return Errno.IsShortage(error) ? throw new IOException($"pidfd_open: errno {error}") : null;
        }

        // Opened first, compared then: what is compared is what the descriptor stands for, or it has ended meanwhile.
        if (ProcStat.TryRead(pid, out var stat) && stat.StartTime == startTime && !stat.IsDead)
        {
            return new DoerProcess(watcher, pid, pidfd, startTime, isChild: false);
        }

        _ = Native.Close(pidfd);
        return null;
    }

    /// <summary>Reaps it. One that could not be ended stays watched, and is reaped should it ever end.</summary>
    public void Dispose()
    {
        if (_isChild && !Exited.IsCompleted)
        {
            _ = Exited.ContinueWith(
                static (_, self) => ((DoerProcess)self!).Release(), this, CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            return;
        }

        Release();
    }

    private void Release()
    {
        _watcher.Forget(_token);
        if (_isChild)
        {
            OwnChildren.Remove(Pid);
            _ = Reaper.TryReapPidfd(_pidfd);
        }

        _ = Native.Close(_pidfd);
    }

    private static void KillUnwatched(int pid, int pidfd)
    {
        _ = Native.Kill(-pid, SignalNames.Kill);
        Reaper.WaitAndReap(pid);
        OwnChildren.Remove(pid);
        if (pidfd >= 0)
        {
            _ = Native.Close(pidfd);
        }
    }
}
