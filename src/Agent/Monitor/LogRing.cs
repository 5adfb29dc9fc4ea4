namespace OpsAgent.Agent.Monitor;

/// <summary>Lines that wait for the monitor. When it is full the oldest give way, and are counted.</summary>
internal sealed class LogRing : IDisposable
{
    /// <summary>Lines that it holds.</summary>
    public const int Capacity = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = new();
    private readonly SemaphoreSlim _more = new(0, 1);
    private long _dropped;
    private long _untold;

    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _lines.Count;
            }
        }
    }

    /// <summary>Lines that were dropped since the start.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Never blocks, whoever logs.</summary>
    public void Add(LogLine line)
    {
        lock (_gate)
        {
            if (_lines.Count >= Capacity)
            {
                _lines.Dequeue();
                CountDropped();
            }

            _lines.Enqueue(line);
            if (_more.CurrentCount == 0)
            {
                _more.Release();
            }
        }
    }

    /// <summary>A line that was taken and could not be sent.</summary>
    public void CountDropped()
    {
        Interlocked.Increment(ref _dropped);
        Interlocked.Increment(ref _untold);
    }

    /// <summary>The oldest line; waits for one.</summary>
    public async Task<LogLine> TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                if (_lines.TryDequeue(out var line))
                {
                    return line;
                }
            }

            await _more.WaitAsync(cancellationToken);
        }
    }

    /// <summary>How many were dropped since the last time that this was told.</summary>
    public long Untold => Interlocked.Read(ref _untold);

    /// <summary>So many were told.</summary>
    public void Told(long count) => Interlocked.Add(ref _untold, -count);

    public void Dispose() => _more.Dispose();
}
