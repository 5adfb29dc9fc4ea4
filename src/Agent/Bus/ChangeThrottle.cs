namespace OpsAgent.Agent.Bus;

/// <summary>
/// Lets a few connection changes a minute into the log: a broker that accepts and drops at once would fill it otherwise. Asked
/// by one thread at a time.
/// </summary>
internal sealed class ChangeThrottle(TimeProvider time)
{
    private const int AMinute = 6;

    private readonly Queue<long> _told = new();
    private int _untold;

    /// <summary>True if this one may be told; <paramref name="untold"/> were not since the last one that was.</summary>
    public bool MayTell(out int untold)
    {
        var now = time.GetTimestamp();
        while (_told.TryPeek(out var oldest) && time.GetElapsedTime(oldest, now) >= TimeSpan.FromMinutes(1))
        {
            _told.Dequeue();
        }

        untold = _untold;
        if (_told.Count >= AMinute)
        {
            _untold++;
            return false;
        }

        _untold = 0;
        _told.Enqueue(now);
        return true;
    }
}
