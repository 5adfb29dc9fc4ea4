namespace OpsAgent.Agent.Monitor;

/// <summary>
/// When the next heartbeat is due: every minute, at a change, but not within 5 s of the last, so that what changes fast is merged
/// and the last state is told. After a failure later and later.
/// </summary>
internal sealed class HeartbeatPacer(TimeProvider time)
{
    /// <summary>Between two heartbeats when nothing changes.</summary>
    public static readonly TimeSpan Every = TimeSpan.FromSeconds(60);

    /// <summary>Between two heartbeats at least.</summary>
    public static readonly TimeSpan Merge = TimeSpan.FromSeconds(5);

    private HeartbeatFacts _told;
    private long? _lastAt;
    private TimeSpan _pause = Merge;

    /// <summary>True if these facts are to be told now.</summary>
    public bool IsDue(HeartbeatFacts facts)
    {
        if (_lastAt is not { } last)
        {
            return true;
        }

        var since = time.GetElapsedTime(last);
        return since >= Every || (since >= _pause && facts != _told);
    }

    /// <summary>A heartbeat is being sent.</summary>
    public void Began() => _lastAt = time.GetTimestamp();

    /// <summary>It was taken.</summary>
    public void Taken(HeartbeatFacts facts) => (_told, _pause) = (facts, Merge);

    /// <summary>It was not: the facts are still to be told.</summary>
    public void Failed()
    {
        _told = default;
        _pause = _pause * 2 < Every ? _pause * 2 : Every;
    }
}
