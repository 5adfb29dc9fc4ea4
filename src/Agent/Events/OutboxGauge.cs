namespace OpsAgent.Agent.Events;

/// <summary>What the outbox holds, in memory, and the signal that there is more in it.</summary>
internal sealed class OutboxGauge(TimeProvider time) : IDisposable
{
    private readonly SemaphoreSlim _more = new(0, 1);
    private TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _depth;
    private long _oldest;
    private long _published;
    private long _expired;
    private long _crowdedOut;
    private long _refused;
    private long _dropped;

    /// <summary>Rows not yet confirmed.</summary>
    public long Depth => Interlocked.Read(ref _depth);

    /// <summary>When the oldest of them was made; null if there is none.</summary>
    public DateTimeOffset? OldestAt =>
        Depth > 0 && Interlocked.Read(ref _oldest) is > 0 and var at ? DateTimeOffset.FromUnixTimeMilliseconds(at) : null;

    /// <summary>Messages that the broker has confirmed since the start.</summary>
    public long Published => Interlocked.Read(ref _published);

    /// <summary>Page events and settlements dropped because they were too old to be of use.</summary>
    public long Expired => Interlocked.Read(ref _expired);

    /// <summary>Rows dropped because the outbox was full.</summary>
    public long CrowdedOut => Interlocked.Read(ref _crowdedOut);

    /// <summary>Messages dropped because the broker does not take them.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>How long ago the last was dropped, for whichever reason, by a clock that nobody sets; null if none was.</summary>
    public TimeSpan? SinceDropped => Interlocked.Read(ref _dropped) is not 0 and var at ? time.GetElapsedTime(at) : null;

    /// <summary>Called by the ledger after each commit that changed the outbox.</summary>
    public void Committed(long depth, long oldest, long crowdedOut, bool added)
    {
        Interlocked.Exchange(ref _depth, depth);
        Interlocked.Exchange(ref _oldest, oldest);
        if (crowdedOut > 0)
        {
            Drop(ref _crowdedOut, crowdedOut);
        }

        if (added)
        {
            Wake();
        }

        if (depth == 0)
        {
            var next = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            Interlocked.Exchange(ref _empty, next).TrySetResult();
        }
    }

    /// <summary>Completes as soon as everything is confirmed.</summary>
    public Task WhenEmptyAsync()
    {
        // Taken before the look at the depth: what becomes empty after the look completes this one.
        var empty = Volatile.Read(ref _empty).Task;
        return Depth == 0 ? Task.CompletedTask : empty;
    }

    public void CountPublished() => Interlocked.Increment(ref _published);

    public void CountRefused() => Drop(ref _refused, 1);

    public void CountExpired() => Drop(ref _expired, 1);

    /// <summary>Ends a wait for more, now or the next one.</summary>
    public void Wake()
    {
        // What the waker has written before this call must be seen by whoever takes a release that it finds here: without the barrier
        // a waiter could use up the old release, look, and wait again before the write is there.
        Interlocked.MemoryBarrier();
        try
        {
            if (_more.CurrentCount == 0)
            {
                _more.Release();
            }
        }
        catch (SemaphoreFullException)
        {
            // Two wakers at once: the wait ends all the same.
        }
    }

    public Task WaitAsync(CancellationToken cancellationToken) => _more.WaitAsync(cancellationToken);

    public void Dispose() => _more.Dispose();

    private void Drop(ref long counter, long count)
    {
        // First the moment: whoever sees the count sees since when. A timestamp of 0 would say that there is none.
        Interlocked.Exchange(ref _dropped, Math.Max(1, time.GetTimestamp()));
        Interlocked.Add(ref counter, count);
    }
}
