using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>
/// Slots, and the capabilities that share them in turn. Nothing waits in it: whatever adds an id or frees a slot starts what
/// may now start.
/// </summary>
internal sealed class Lane(
    LaneName name,
    int slots,
    int capacity,
    Func<MsgType, bool> isPaused,
    Func<MsgType, TypeLoad> loadOf,
    Action<Lane, CapabilityQueue, QueuedId> start,
    Action<Lane, CapabilityQueue, PageRequest> page)
{
    private readonly Lock _gate = new();
    private readonly List<CapabilityQueue> _queues = [];
    private int _turn;
    private int _running;
    private bool _open;

    public LaneName Name => name;

    /// <summary>Slots taken now.</summary>
    public int Running
    {
        get
        {
            lock (_gate)
            {
                return _running;
            }
        }
    }

    public LaneCounts Counts
    {
        get
        {
            lock (_gate)
            {
                var oldest = 0L;
                var queued = 0;
                foreach (var queue in _queues)
                {
                    queued += queue.Queued;
                    var own = queue.OldestReceivedAt;
                    oldest = own > 0 && (oldest == 0 || own < oldest) ? own : oldest;
                }

                return new LaneCounts(
                    name, slots, queued, _running, oldest == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(oldest));
            }
        }
    }

    /// <summary>The queue of a type; made at its first request.</summary>
    public CapabilityQueue Queue(MsgType msgType)
    {
        lock (_gate)
        {
            var queue = _queues.Find(q => q.MsgType == msgType);
            if (queue is null)
            {
                queue = new CapabilityQueue(name, msgType, capacity) { IsPaused = isPaused, Load = loadOf(msgType) };
                queue.Load.Join();
                _queues.Add(queue);
            }

            return queue;
        }
    }

    /// <summary>True if some of a type wait here.</summary>
    public bool Waits(MsgType msgType)
    {
        lock (_gate)
        {
            return _queues.Exists(q => q.MsgType == msgType && q.Queued > 0);
        }
    }

    /// <summary>Changes one of this lane's queues, or the lane's own count, then starts what may start.</summary>
    public void Change(Action change)
    {
        lock (_gate)
        {
            change();
        }

        Turn();
    }

    /// <summary>Other slots and limits from now on; what runs beyond them ends in its own time.</summary>
    /// <param name="wanted">Null: as many as before.</param>
    /// <param name="limits">How many of each type run at once.</param>
    public void Reshape(int? wanted, IReadOnlyDictionary<MsgType, int> limits) => Change(() =>
    {
        slots = Math.Max(1, wanted ?? slots);
        foreach (var queue in _queues)
        {
            queue.MaxParallel = limits.TryGetValue(queue.MsgType, out var limit) ? Math.Max(1, limit) : queue.MaxParallel;
        }
    });

    /// <summary>From now on ids are started.</summary>
    public void Open() => Change(() => _open = true);

    /// <summary>From now on none is.</summary>
    public void Stop()
    {
        lock (_gate)
        {
            _open = false;
        }
    }

    /// <summary>Takes a slot for what runs already, though there may be none free.</summary>
    public void Occupy(CapabilityQueue queue)
    {
        lock (_gate)
        {
            queue.Load.Take();
            _running++;
        }
    }

    /// <summary>Gives a slot back.</summary>
    public void Release(CapabilityQueue queue) => Change(() =>
    {
        queue.Load.Release();
        _running--;
    });

    private void Turn()
    {
        List<(CapabilityQueue Queue, QueuedId Id)>? starts = null;
        List<(CapabilityQueue Queue, PageRequest Page)>? pages = null;
        lock (_gate)
        {
            if (!_open)
            {
                return;
            }

            while (_running < slots && NextInTurn() is { } queue)
            {
                _running++;
                (starts ??= []).Add((queue, queue.Take()));
            }

            foreach (var queue in _queues)
            {
                if (queue.TryBeginPage() is { } wanted)
                {
                    (pages ??= []).Add((queue, wanted));
                }
            }
        }

        starts?.ForEach(s => start(this, s.Queue, s.Id));
        pages?.ForEach(p => page(this, p.Queue, p.Page));
    }

    /// <summary>The next capability that has something to run, and counts as running one more, after the one that was served last.</summary>
    private CapabilityQueue? NextInTurn()
    {
        for (var i = 0; i < _queues.Count; i++)
        {
            var queue = _queues[(_turn + i) % _queues.Count];
            if (queue.CanTake && queue.Load.TryTake(queue.MaxParallel))
            {
                _turn = (_turn + i + 1) % _queues.Count;
                return queue;
            }
        }

        return null;
    }
}
