namespace OpsAgent.Agent.Events;

/// <summary>
/// How old the rows of the outbox are, by a clock that nobody sets: by one that leaps, what was made a moment ago would look too old
/// to be of use. Written by the ledger's writer, read by the pump.
/// </summary>
internal sealed class OutboxAges(TimeProvider time)
{
    /// <summary>Rows of a second are as old as the first of them; what is older than so many seconds is so for good.</summary>
    public const int MaxSteps = 4_096;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<(long First, long Seen)> _steps = [];
    private long _earlier = -1;
    private long _newest;

    /// <summary>Tells of a commit; the first tells of what earlier agents have left.</summary>
    /// <param name="newest">The highest id ever given.</param>
    public void Committed(long newest)
    {
        lock (_gate)
        {
            if (_earlier < 0)
            {
                _earlier = _newest = newest;
            }

            if (newest <= _newest)
            {
                return;
            }

            if (_steps.Count == 0 || time.GetElapsedTime(_steps[^1].Seen) >= Step)
            {
                if (_steps.Count == MaxSteps)
                {
                    _steps.RemoveAt(0);
                }

                _steps.Add((_newest + 1, time.GetTimestamp()));
            }

            _newest = newest;
        }
    }

    /// <summary>The age of a row, a second more at most; null for one of an earlier agent, of which this one can't tell.</summary>
    public TimeSpan? Of(long id)
    {
        lock (_gate)
        {
            if (id <= _earlier)
            {
                return null;
            }

            var at = _steps.FindLastIndex(s => s.First <= id);
            return at < 0 ? TimeSpan.MaxValue : time.GetElapsedTime(_steps[at].Seen);
        }
    }
}
