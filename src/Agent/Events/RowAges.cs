namespace OpsAgent.Agent.Events;

/// <summary>
/// How old the rows of a table are, by a clock that nobody sets: by one that leaps, what was made a moment ago would look too old
/// to be of use. Ids grow with the rows and are never used again. Written by the ledger's writer, read by others.
/// </summary>
internal abstract class RowAges(TimeProvider time)
{
    /// <summary>So many moments are kept at most: old ages are told less exactly.</summary>
    public const int MaxSteps = 4_096;

    private static readonly TimeSpan Step = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<(long First, long Seen)> _steps = [];
    private long _earlier = -1;
    private long _newest;

    /// <summary>Tells of a commit; the first tells of what earlier agents have left.</summary>
    /// <param name="newest">The highest id ever given.</param>
    /// <param name="age">How old it was then already.</param>
    public void Committed(long newest, TimeSpan age = default)
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

            var seen = time.GetTimestamp() - (long)(age.TotalSeconds * time.TimestampFrequency);
            if (_steps.Count == 0 || time.GetElapsedTime(_steps[^1].Seen, seen).Duration() >= Step)
            {
                Thin();
                _steps.Add((_newest + 1, seen));
            }

            _newest = newest;
        }
    }

    /// <summary>
    /// The age of a row, by a second at most, or a hundredth, too much; null for one of an earlier agent, of which this one can't tell.
    /// </summary>
    public TimeSpan? Of(long id)
    {
        lock (_gate)
        {
            var at = id <= _earlier ? -1 : LastUpTo(id);
            return at < 0 ? null : time.GetElapsedTime(_steps[at].Seen);
        }
    }

    private int LastUpTo(long id)
    {
        var (low, high) = (0, _steps.Count - 1);
        while (low <= high)
        {
            var middle = (low + high) / 2;
            (low, high) = _steps[middle].First <= id ? (middle + 1, high) : (low, middle - 1);
        }

        return high;
    }

    /// <summary>Leaves out what makes an age wrong by a two hundredth of it at most.</summary>
    private void Thin()
    {
        if (_steps.Count < MaxSteps)
        {
            return;
        }

        var kept = new List<(long First, long Seen)>(MaxSteps);
        for (var i = 0; i < _steps.Count; i++)
        {
            if (i == 0 || i == _steps.Count - 1
                || time.GetElapsedTime(kept[^1].Seen, _steps[i + 1].Seen).Duration() > time.GetElapsedTime(_steps[i + 1].Seen) / 200)
            {
                kept.Add(_steps[i]);
            }
        }

        // Where their ages leap about, those of the older half are told as exactly as there is room.
        _steps.Clear();
        _steps.AddRange(kept.Count < MaxSteps / 2 ? kept : kept.Where(static (_, i) => i >= MaxSteps / 2 || i % 2 == 0));
    }
}
