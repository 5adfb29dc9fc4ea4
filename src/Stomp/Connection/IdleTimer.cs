namespace OpsAgent.Stomp.Connection;

/// <summary>Calls when nothing has happened for a time, and again after each such time. Costs one timer, not one an event.</summary>
internal sealed class IdleTimer : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TimeSpan _limit;
    private readonly Func<long> _lastActivity;
    private readonly Action _expired;
    private readonly ITimer _timer;

    public IdleTimer(TimeProvider time, TimeSpan limit, Func<long> lastActivity, Action expired)
    {
        _time = time;
        _limit = limit;
        _lastActivity = lastActivity;
        _expired = expired;

        // Armed only when every field is set: the first tick may come at once.
        _timer = time.CreateTimer(_ => Tick(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(limit, Timeout.InfiniteTimeSpan);
    }

    public void Dispose() => _timer.Dispose();

    private void Tick()
    {
        var idle = _time.GetElapsedTime(_lastActivity());
        if (idle >= _limit)
        {
            _expired();
            idle = TimeSpan.Zero;
        }

        _timer.Change(_limit - idle, Timeout.InfiniteTimeSpan);
    }
}
