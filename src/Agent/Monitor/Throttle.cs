namespace OpsAgent.Agent.Monitor;

/// <summary>Lets a count be told once in a while, with all that came since. For one thread at a time.</summary>
internal sealed class Throttle(TimeSpan between, TimeProvider time)
{
    private long? _toldAt;
    private long _untold;

    /// <summary>Adds to the count; true if <paramref name="count"/> is to be told now.</summary>
    public bool MayTell(long more, out long count)
    {
        count = _untold += more;
        if (count == 0 || (_toldAt is { } at && time.GetElapsedTime(at) < between))
        {
            return false;
        }

        _toldAt = time.GetTimestamp();
        _untold = 0;
        return true;
    }
}
