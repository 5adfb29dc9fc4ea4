namespace OpsAgent.Stomp.Connection;

/// <summary>What a connection loop is at, and whether it has been at it for longer than it may.</summary>
internal sealed class LoopStep(TimeProvider time)
{
    /// <summary>On top of a step's own limit: a busy machine is no hanging loop.</summary>
    private static readonly TimeSpan Margin = TimeSpan.FromSeconds(5);

    private readonly Lock _gate = new();
    private TimeSpan? _limit;
    private long _began = time.GetTimestamp();
    private bool _reading;

    /// <summary>Begins a step that ends by itself within the limit.</summary>
    public void Begin(TimeSpan limit) => Set(limit, reading: false);

    /// <summary>Begins to read from a connection, which has no limit while the connection is open.</summary>
    public void BeginReading() => Set(null, reading: true);

    /// <param name="waitsForConnection">The connection that is read from is open.</param>
    public bool InTime(bool waitsForConnection)
    {
        lock (_gate)
        {
            if (_reading && !waitsForConnection)
            {
                // It ended, and the loop is to come round to that.
                (_limit, _began, _reading) = (TimeSpan.Zero, time.GetTimestamp(), false);
            }

            return _limit is not { } limit || time.GetElapsedTime(_began) <= limit + Margin;
        }
    }

    private void Set(TimeSpan? limit, bool reading)
    {
        lock (_gate)
        {
            (_limit, _began, _reading) = (limit, time.GetTimestamp(), reading);
        }
    }
}
