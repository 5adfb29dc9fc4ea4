using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>
/// Ids of one type that wait in one lane: a bounded number in memory, the rest on disk. Guarded by its lane.
/// Invariant: every fresh id up to the cursor was in memory once; every waiting id above it is on disk only, and none is
/// while <see cref="_onDisk"/> is false. So no id is missed, and none is taken twice.
/// </summary>
internal sealed class CapabilityQueue(LaneName lane, MsgType msgType, int capacity)
{
    private readonly Queue<QueuedId> _fresh = new();
    private readonly LinkedList<QueuedId> _again = [];
    private long _cursor;
    private long _highest;
    private long _highestAtPaging;
    private bool _onDisk;
    private bool _paging;
    private volatile bool _held;
    private bool _probe;

    public LaneName Lane => lane;

    public MsgType MsgType => msgType;

    /// <summary>True while nothing of it is to be taken.</summary>
    public Func<MsgType, bool> IsPaused { get; init; } = static _ => false;

    /// <summary>True while none of it can be started: then one at a time is taken, now and then, to see whether that is still so.</summary>
    public bool IsHeld => _held;

    public int MaxParallel { get; set; } = 1;

    /// <summary>What runs of its type, here and in other lanes.</summary>
    public TypeLoad Load { get; init; } = new();

    /// <summary>All that wait, wherever.</summary>
    public int Queued { get; set; }

    public bool CanTake => Load.IsBelow(MaxParallel) && (_again.Count > 0 || _fresh.Count > 0) && (!_held || _probe) && !IsPaused(msgType);

    /// <summary>When the one that is next was received, in ms; 0 if none waits or it is not known.</summary>
    public long OldestReceivedAt
    {
        get
        {
            var fresh = _fresh.TryPeek(out var f) ? f.ReceivedAt : long.MaxValue;
            var again = _again.First?.Value.ReceivedAt ?? long.MaxValue;
            return Math.Min(fresh, again) is var oldest && Queued > 0 && oldest != long.MaxValue ? oldest : 0;
        }
    }

    /// <summary>An id that was just committed; ids come in their order.</summary>
    public void Offer(QueuedId id)
    {
        _highest = Math.Max(_highest, id.Id);
        if (id.Id <= _cursor)
        {
            // A page that was read after its commit had it already.
            return;
        }

        if (_onDisk || _paging || _fresh.Count >= capacity)
        {
            _onDisk = true;
            return;
        }

        _fresh.Enqueue(id);
        _cursor = id.Id;
    }

    /// <summary>Says at the start that ids up to <paramref name="last"/> wait on disk.</summary>
    public void OfferDisk(long last)
    {
        _highest = Math.Max(_highest, last);
        _onDisk = true;
    }

    /// <summary>An id that was taken before and waits again.</summary>
    public void OfferAgain(QueuedId id) => _again.AddLast(id);

    /// <summary>None may be taken but one, to see whether they can be started.</summary>
    public void Hold()
    {
        _held = true;
        _probe = true;
    }

    /// <summary>One that was taken can't be started: it is the next to be taken, but none is until a probe.</summary>
    public void HoldBack(QueuedId id)
    {
        _again.AddFirst(id);
        _held = true;
        _probe = false;
    }

    /// <summary>One may be taken, to see whether they still can't be started.</summary>
    public void Probe() => _probe = true;

    /// <summary>They can be.</summary>
    public void LetGo() => _held = false;

    public QueuedId Take()
    {
        _probe = false;
        if (_again.First is not { } first)
        {
            return _fresh.Dequeue();
        }

        _again.RemoveFirst();
        return first.Value;
    }

    /// <summary>The page that should be read now, and is then counted as being read; null if none.</summary>
    public PageRequest? TryBeginPage()
    {
        if (!_onDisk || _paging || _fresh.Count > capacity / 4)
        {
            return null;
        }

        _paging = true;
        _highestAtPaging = _highest;
        return new PageRequest(_cursor, capacity - _fresh.Count);
    }

    /// <summary>
    /// The page, as it was asked for. A short one holds all there was when it was read, which is at least all that was
    /// committed when it was begun.
    /// </summary>
    public void EndPage(IReadOnlyList<QueuedId> ready, long lastRead, bool isShort)
    {
        _paging = false;
        foreach (var id in ready)
        {
            _fresh.Enqueue(id);
        }

        _cursor = Math.Max(_cursor, isShort ? Math.Max(lastRead, _highestAtPaging) : lastRead);
        _onDisk = _highest > _cursor || !isShort;
    }

    /// <summary>The page could not be read; it will be asked for again.</summary>
    public void AbandonPage() => _paging = false;
}

/// <summary>A page of ids to read.</summary>
/// <param name="After">The last id that is in memory already.</param>
/// <param name="Limit">How many there is room for.</param>
internal readonly record struct PageRequest(long After, int Limit);
