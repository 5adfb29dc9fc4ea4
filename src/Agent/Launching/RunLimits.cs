namespace OpsAgent.Agent.Launching;

/// <summary>Waits for the first of a run's limits: its time, its silence, its cancellation.</summary>
internal sealed class RunLimits : IDisposable
{
    // What timers take; longer is no limit.
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(45);

    private readonly TaskCompletionSource<EndCause> _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly TimeSpan _silence;
    private readonly Func<long> _lastByte;
    private readonly ITimer? _whole;
    private readonly ITimer? _idle;
    private readonly CancellationTokenRegistration _cancelled;

    /// <summary>Starts the clocks.</summary>
    /// <param name="time">The clock.</param>
    /// <param name="left">Until the whole run's limit; infinite: none.</param>
    /// <param name="silence">The longest silence; null: any.</param>
    /// <param name="lastByte">The timestamp of the last byte that came.</param>
    /// <param name="cancellation">Ends the run.</param>
    public RunLimits(TimeProvider time, TimeSpan left, TimeSpan? silence, Func<long> lastByte, CancellationToken cancellation)
    {
        _time = time;
        _silence = silence ?? Timeout.InfiniteTimeSpan;
        _lastByte = lastByte;
        if (IsLimit(left))
        {
            _whole = time.CreateTimer(
                static state => ((RunLimits)state!)._reached.TrySetResult(EndCause.TimedOut), this, left, Timeout.InfiniteTimeSpan);
        }

        if (IsLimit(_silence))
        {
            _idle = time.CreateTimer(static state => ((RunLimits)state!).LookAtSilence(), this, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _idle.Change(_silence, Timeout.InfiniteTimeSpan);
        }

        _cancelled = cancellation.UnsafeRegister(
            static state => ((RunLimits)state!)._reached.TrySetResult(EndCause.Cancelled), this);
    }

    /// <summary>Completes with the first limit that is reached.</summary>
    public Task<EndCause> Reached => _reached.Task;

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancelled.Dispose();
        _whole?.Dispose();
        _idle?.Dispose();
    }

    private static bool IsLimit(TimeSpan limit) => limit >= TimeSpan.Zero && limit <= LongestTimer;

    private void LookAtSilence()
    {
        var left = _silence - _time.GetElapsedTime(_lastByte());
        if (left <= TimeSpan.Zero)
        {
            _reached.TrySetResult(EndCause.Silent);
        }
        else
        {
            _idle?.Change(left, Timeout.InfiniteTimeSpan);
        }
    }
}
