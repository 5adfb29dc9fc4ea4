using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>
/// Tells systemd how the agent is, on a beat of its own. The keep-alive is sent from the dispatch path, by the answer to a ping
/// that was put into it: it says that requests are taken in and that the connection's loop turns, whatever the broker does. What
/// hangs sends none.
/// </summary>
internal sealed partial class ServiceWatch(
    ServiceNotice notice, ServiceStatus status, IDeliverySource bus, RunningTable running, TimeProvider time, ILogger<ServiceWatch> logger)
    : IDisposable
{
    /// <summary>
    /// So much longer systemd is to wait, said again on each beat: for a ledger whose disk is full, for the drain, whatever its limit,
    /// and for doers beyond it, which end or are ended in their own time. What follows them takes less. A stop that hangs elsewhere
    /// asks for no more, and is ended by systemd.
    /// </summary>
    private static readonly TimeSpan Extension = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan LongestBeat = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ShortestBeat = TimeSpan.FromMilliseconds(50);

    private readonly Lock _gate = new();
    private ITimer? _timer;
    private ServiceState _state;
    private string _told = "";
    private long _asked;
    private long _stopped;
    private TimeSpan _drain;
    private bool _asking;
    private bool _complained;

    /// <summary>From one beat to the next: the keep-alive comes twice in each half of its limit.</summary>
    public TimeSpan Beat => notice.Watchdog is { } limit && limit / 4 < LongestBeat
        ? limit / 4 > ShortestBeat ? limit / 4 : ShortestBeat
        : LongestBeat;

    /// <summary>Begins; the agent is starting.</summary>
    public void Start()
    {
        if (notice.Listens)
        {
            LogListens(notice.Watchdog ?? TimeSpan.Zero);
            _timer = time.CreateTimer(static self => ((ServiceWatch)self!).Look(), this, TimeSpan.Zero, Beat);
        }
    }

    /// <summary>The ledger is recovered and the connection loop runs. Said once; a stop that has begun is not undone.</summary>
    public void Ready()
    {
        lock (_gate)
        {
            if (_state == ServiceState.Starting)
            {
                _state = ServiceState.Ready;
            }
        }

        Look();
    }

    /// <summary>The agent drains. Said at once, or on the first beat that systemd takes it.</summary>
    /// <param name="drain">The drain's limit.</param>
    public void Stopping(TimeSpan drain)
    {
        lock (_gate)
        {
            if (_state < ServiceState.Stopping)
            {
                (_state, _stopped, _drain) = (ServiceState.Stopping, time.GetTimestamp(), drain);
            }
        }

        Look();
    }

    public void Dispose() => _timer?.Dispose();

    /// <summary>One beat.</summary>
    internal void Look()
    {
        if (!notice.Listens)
        {
            return;
        }

        lock (_gate)
        {
            if (_state == ServiceState.Ready && notice.TrySend("READY=1"))
            {
                _state = ServiceState.Running;
            }

            if (_state == ServiceState.Stopping && notice.TrySend("STOPPING=1"))
            {
                _state = ServiceState.Draining;
            }

            if (_state == ServiceState.Starting || (_state >= ServiceState.Stopping && Drains()))
            {
                notice.TrySend($"EXTEND_TIMEOUT_USEC={Extension.TotalMicroseconds:0}");
            }

            if (status.Text() is var text && text != _told && notice.TrySend($"STATUS={text}"))
            {
                _told = text;
            }
        }

        AskDispatch();
    }

    /// <summary>True during the drain's own time, and while anything of it still runs.</summary>
    private bool Drains() => time.GetElapsedTime(_stopped) < _drain + Extension || running.AnyRuns();

    private void AskDispatch()
    {
        lock (_gate)
        {
            if (notice.Watchdog is not { } limit || _state is ServiceState.Starting or ServiceState.Ready)
            {
                return;
            }

            if (_asking)
            {
                Complain(limit);
                return;
            }

            (_asking, _asked) = (true, time.GetTimestamp());
        }

        // Outside the lock: what runs in turn may run at once.
        if (!bus.TryInject(OwnPings.Make(time.GetUtcNow(), OnAnswered)))
        {
            _asking = false;
        }
    }

    /// <summary>On the dispatch path.</summary>
    private void OnAnswered()
    {
        if (bus.LoopTurns)
        {
            notice.TrySend("WATCHDOG=1");
        }
        else
        {
            LogLoopHangs();
        }

        lock (_gate)
        {
            (_asking, _complained) = (false, false);
        }
    }

    private void Complain(TimeSpan limit)
    {
        if (!_complained && time.GetElapsedTime(_asked) > limit / 2)
        {
            _complained = true;
            LogDispatchSilent(limit / 2);
        }
    }
}
