namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// Whether the wall clock is to be believed by what forgets for good: not in the hour after a start or after it leapt ahead,
/// within which a clock that was set wrong is set right again. Used by one thread.
/// </summary>
internal sealed class ClockTrust(TimeProvider time)
{
    /// <summary>A leap by more is one, and it is believed once it has lasted so long.</summary>
    public static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    private long _seen = time.GetTimestamp();
    private DateTimeOffset _wall = time.GetUtcNow();
    private long _leapt = time.GetTimestamp();

    /// <summary>Looks at both clocks; to be asked every few minutes at least.</summary>
    public bool Look()
    {
        var (now, wall) = (time.GetTimestamp(), time.GetUtcNow());
        if (wall - _wall - time.GetElapsedTime(_seen, now) > Hour)
        {
            _leapt = now;
        }

        (_seen, _wall) = (now, wall);
        return time.GetElapsedTime(_leapt, now) >= Hour;
    }
}
