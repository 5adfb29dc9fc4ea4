using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// One thread that waits for the end of every process there is to wait for, by pidfd and epoll, and twice a second reaps what
/// was adopted and nobody waits for. It looks at how a child ended without reaping it: a dead leader keeps its pid, and with it
/// its session's number, from being given to another until its tree is gone.
/// </summary>
internal sealed unsafe partial class ExitWatcher : IDisposable
{
    private const int EventsAtOnce = 64;
    private const int WakeToken = 0;

    private readonly ILogger<ExitWatcher> _logger;
    private readonly OrphanSweep _sweep;
    private readonly Lock _gate = new();
    private readonly Dictionary<long, Watch> _watches = [];
    private readonly int _epoll;
    private readonly int _wake;
    private readonly Thread _thread;
    private long _lastToken;
    private volatile bool _stopping;

    public ExitWatcher(ILogger<ExitWatcher> logger, TimeProvider time)
    {
        _logger = logger;
        _sweep = new OrphanSweep(logger, time);
        ChildSignals.AdoptOrphans();
        _epoll = Native.EpollCreate(Native.OpenCloseOnExec);
        _wake = Native.EventFd(0, Native.OpenCloseOnExec);
        if (_epoll < 0 || _wake < 0 || !Register(_wake, WakeToken, Native.EpollIn))
        {
            throw new IOException($"epoll can't be set up: errno {Marshal.GetLastPInvokeError()}");
        }

        _thread = new Thread(Run) { IsBackground = true, Name = "exit watcher" };
        _thread.Start();
    }

    /// <summary>Begins to wait for the end of a pidfd's process, our child or not.</summary>
    /// <param name="pidfd">Stays open until the watch has completed or was forgotten.</param>
    /// <param name="token">Names the watch for <see cref="Forget"/>.</param>
    /// <exception cref="IOException">The kernel can't watch one more.</exception>
    public Task<ExitStatus> WatchAsync(int pidfd, out long token)
    {
        var watch = new Watch(pidfd);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_stopping, this);
            token = ++_lastToken;
            _watches[token] = watch;
            if (!Register(pidfd, token, Native.EpollIn | Native.EpollOneShot))
            {
                _watches.Remove(token);
                throw new IOException($"epoll_ctl: errno {Marshal.GetLastPInvokeError()}");
            }
        }

        return watch.Ended.Task;
    }

    /// <summary>Ends a watch; afterwards its pidfd may be closed.</summary>
    public void Forget(long token)
    {
        lock (_gate)
        {
            if (_watches.Remove(token, out var watch))
            {
                _ = Native.EpollControl(_epoll, Native.EpollDelete, watch.Pidfd, null);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_stopping)
            {
                return;
            }

            _stopping = true;
        }

        long one = 1;
        _ = Native.Write(_wake, &one, sizeof(long));
        _thread.Join();
        _ = Native.Close(_wake);
        _ = Native.Close(_epoll);
    }

    private bool Register(int fd, long token, uint events)
    {
        var registration = new Native.EpollEvent { Events = events, Data = token };
        return Native.EpollControl(_epoll, Native.EpollAdd, fd, &registration) == 0;
    }

    private void Run()
    {
        var events = stackalloc Native.EpollEvent[EventsAtOnce];
        while (!_stopping)
        {
            var count = Native.EpollWait(_epoll, events, EventsAtOnce, (int)OrphanSweep.Interval.TotalMilliseconds);
            for (var i = 0; i < count; i++)
            {
                if (events[i].Data != WakeToken)
                {
                    Look(events[i].Data);
                }
            }

            try
            {
                _sweep.RunIfDue();
            }
            catch (IOException e)
            {
                // No descriptors left for a moment: the zombies can wait for the next sweep, the exits can't.
                LogSweepFailed(e);
            }
        }
    }

    private void Look(long token)
    {
        // Under the lock, so that the descriptor can't be closed, and its number used again, in between.
        lock (_gate)
        {
            if (!_watches.TryGetValue(token, out var watch))
            {
                return;
            }

            var info = stackalloc int[32];
            info[4] = 0;
            var result = Native.WaitId(
                Native.WaitByPidfd, watch.Pidfd, info, Native.WaitExited | Native.WaitNoHang | Native.WaitNoReap);
            _watches.Remove(token);
            _ = Native.EpollControl(_epoll, Native.EpollDelete, watch.Pidfd, null);

            // A pidfd is readable only once its process has ended, so an error means that it is no child of ours (ECHILD).
            watch.Ended.SetResult(result == 0 && info[4] != 0 ? ExitStatus.Of(info[2], info[6]) : ExitStatus.Unknown);
        }
    }

    private sealed record Watch(int Pidfd)
    {
        public TaskCompletionSource<ExitStatus> Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
