using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>All lanes, what waits in them, and what waits for a moment to come.</summary>
internal sealed partial class LaneBoard(
    WorkLedger ledger, PauseTable pauses, HoldKeeper holds, WorkAges ages, IOptions<WorkOptions> options, TimeProvider time,
    ILogger<LaneBoard> logger) : IDisposable
{
    /// <summary>From one look whether held work can be started to the next.</summary>
    public static readonly TimeSpan BetweenProbes = TimeSpan.FromSeconds(1);

    private static readonly TimeSpan PageRetry = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, Lane> _lanes = new(StringComparer.Ordinal);
    private volatile IReadOnlyDictionary<string, int> _slots = options.Value.Lanes;
    private readonly ConcurrentDictionary<MsgType, TypeLoad> _loads = [];
    private readonly DelayedOffers _delays = new(time, () => ledger.Now);
    private readonly ConcurrentDictionary<CapabilityQueue, Lazy<ITimer>> _probes = [];
    private Func<Lane, CapabilityQueue, QueuedId, Task<bool>>? _run;
    private Action<long>? _unsettled;
    private volatile bool _open;
    private volatile bool _stopped;
    private int _inDoubt;
    private readonly TaskCompletionSource _idle = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<bool> _filled = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>True once nothing more is started.</summary>
    public bool IsStopped => _stopped;

    public int InDoubt => Volatile.Read(ref _inDoubt);

    /// <summary>
    /// True once all that an earlier run left waiting is counted; false if a stop came first. What would queue or unqueue work before that
    /// waits for it: it would be counted twice, or hide what is older.
    /// </summary>
    public Task<bool> Filled => _filled.Task;

    /// <summary>By name; the lanes of the configuration and those that work has named beside.</summary>
    public IReadOnlyList<LaneCounts> Lanes =>
        [.. _lanes.OrderBy(static l => l.Key, StringComparer.Ordinal).Select(static l => l.Value.Counts)];

    /// <summary>Makes the configured lanes. Nothing runs before <see cref="Open"/>.</summary>
    /// <param name="run">Takes one id through its attempt; true if it can't be started now and waits on.</param>
    /// <param name="unsettled">Told of an id whose run failed with nothing settled: nobody else would take it up again.</param>
    public void Build(Func<Lane, CapabilityQueue, QueuedId, Task<bool>> run, Action<long>? unsettled = null)
    {
        (_run, _unsettled) = (run, unsettled);
        foreach (var name in _slots.Keys)
        {
            Lane(new LaneName(name));
        }
    }

    public void Open()
    {
        _open = true;
        foreach (var lane in _lanes.Values)
        {
            lane.Open();
        }
    }

    /// <summary>Starts nothing more. Completes when what runs has ended.</summary>
    public Task StopAsync()
    {
        _stopped = true;
        _open = false;
        _filled.TrySetResult(false);
        foreach (var lane in _lanes.Values)
        {
            lane.Stop();
        }

        EndIfIdle();
        return _idle.Task;
    }

    public Lane Lane(LaneName name) => _lanes.GetOrAdd(name.Value, key =>
    {
        if (!_slots.TryGetValue(key, out var slots))
        {
            slots = 1;
            LogUnknownLane(name);
        }

        var lane = new Lane(name, Math.Max(1, slots), options.Value.IdsInMemory, pauses.IsPaused, LoadOf, Start, Page);
        if (_open)
        {
            lane.Open();
        }

        return lane;
    });

    /// <summary>New work was committed. Called by the writer's thread, in the order of ids.</summary>
    public void Accepted(long id, NewWork work)
    {
        var waited = time.GetUtcNow() - work.Message.ReceivedAt;
        ages.Committed(id, waited > TimeSpan.Zero ? waited : TimeSpan.Zero);
        var lane = Lane(work.Work.Lane);
        var queue = lane.Queue(work.Message.MsgType);
        lane.Change(() =>
        {
            queue.MaxParallel = Math.Max(1, work.Work.MaxParallel);
            queue.Queued++;
            queue.Offer(new QueuedId(id, work.ReceivedAt));
        });
        holds.Accepted(work.Message.MsgType);
    }

    /// <summary>Work of an earlier run of the agent waits on disk. Called once, before anything else is queued.</summary>
    /// <param name="found">All of it, each with how many of its type run at once.</param>
    public void Fill(IEnumerable<(WaitingGroup Group, int MaxParallel)> found)
    {
        foreach (var (group, maxParallel) in found)
        {
            var lane = Lane(group.Lane);
            var queue = lane.Queue(group.MsgType);
            lane.Change(() =>
            {
                queue.MaxParallel = Math.Max(1, maxParallel);
                queue.Queued += group.Count;
                queue.OfferDisk(group.Last);
            });
        }

        _filled.TrySetResult(true);
    }

    /// <summary>Holds of an earlier run go on for what waits still, and end where nothing does. Before the lanes are opened.</summary>
    public void FoundHeld(IReadOnlyList<HeldType> held)
    {
        foreach (var type in held.Select(static h => h.MsgType))
        {
            foreach (var lane in _lanes.Values.Where(l => l.Waits(type)))
            {
                var queue = lane.Queue(type);
                lane.Change(queue.Hold);
                ProbeFromNowOn(lane, queue);
            }

            EndIfNoneWaits(type);
        }
    }

    /// <summary>What was queued is so no more: started, settled or cancelled.</summary>
    public void Dequeued(LaneName laneName, MsgType msgType)
    {
        var lane = Lane(laneName);
        var queue = lane.Queue(msgType);
        lane.Change(() => queue.Queued--);
    }

    /// <summary>What had begun is queued again.</summary>
    public void Requeued(LaneName laneName, MsgType msgType, QueuedId id)
    {
        var lane = Lane(laneName);
        var queue = lane.Queue(msgType);
        lane.Change(() => queue.Queued++);
        OfferWhenDue(lane, queue, id);
        holds.Requeued(msgType, id.Id);
    }

    /// <summary>Gives the lanes other slots. A lane that is no more keeps its own until what waits in it has run.</summary>
    /// <param name="slots">By lane.</param>
    /// <param name="limits">How many of each type run at once.</param>
    public void Reshape(IReadOnlyDictionary<string, int> slots, IReadOnlyDictionary<MsgType, int> limits)
    {
        _slots = slots;
        foreach (var name in slots.Keys)
        {
            Lane(new LaneName(name));
        }

        foreach (var (name, lane) in _lanes)
        {
            lane.Reshape(slots.TryGetValue(name, out var count) ? count : null, limits);
        }
    }

    /// <summary>Starts what may start now, after a pause has ended.</summary>
    public void Turn()
    {
        foreach (var lane in _lanes.Values)
        {
            lane.Change(static () => { });
        }
    }

    /// <summary>What stood in the way of a type's work does so no more.</summary>
    public void LetGo(LaneName laneName, MsgType msgType)
    {
        var lane = Lane(laneName);
        var queue = lane.Queue(msgType);
        if (queue.IsHeld)
        {
            LetGo(lane, queue);
        }
    }

    /// <summary>What is queued and counted still, but was dropped when its run failed, is offered again.</summary>
    public void OfferAgain(LaneName laneName, MsgType msgType, QueuedId id)
    {
        var lane = Lane(laneName);
        OfferWhenDue(lane, lane.Queue(msgType), id);
    }

    public void CountDoubt(int by) => Interlocked.Add(ref _inDoubt, by);

    /// <summary>Runs something in a slot of its own, free or not: what outlived the last run of the agent.</summary>
    public void Occupy(LaneName laneName, MsgType msgType, long id, Func<Task> run)
    {
        var lane = Lane(laneName);
        var queue = lane.Queue(msgType);
        lane.Occupy(queue);
        _ = Task.Run(() => HoldSlotAsync(lane, queue, id, run));
    }

    public void Dispose()
    {
        _delays.Dispose();
        foreach (var probe in _probes.Values)
        {
            probe.Value.Dispose();
        }
    }

    private void Start(Lane lane, CapabilityQueue queue, QueuedId id)
    {
        _ = Task.Run(() => HoldSlotAsync(lane, queue, id.Id, () => RunAsync(lane, queue, id)));
    }

    private async Task RunAsync(Lane lane, CapabilityQueue queue, QueuedId id)
    {
        try
        {
            if (await _run!(lane, queue, id))
            {
                HoldBack(lane, queue, id);
            }
            else if (queue.IsHeld)
            {
                // It was not started but settled, as one that has grown too old: the next in line may have as well.
                lane.Change(queue.Probe);
            }
        }
        catch (NotTakenUpException e) when (!_stopped)
        {
            // Nothing of it has begun, and nobody else would offer it again before the next start of the agent.
            LogNotTakenUp(e, queue.MsgType);
            OfferWhenDue(lane, queue, id with { NotBefore = ledger.Now + (long)PageRetry.TotalMilliseconds });
        }
    }

    private void HoldBack(Lane lane, CapabilityQueue queue, QueuedId id)
    {
        lane.Change(() => queue.HoldBack(id with { NotBefore = 0 }));
        ProbeFromNowOn(lane, queue);
    }

    private void ProbeFromNowOn(Lane lane, CapabilityQueue queue) =>
        // Made by the first use of it alone: two that hold back at a time would else make two timers, and one would tick for ever.
        _ = _probes.GetOrAdd(queue, _ => new(() => time.CreateTimer(_ => Probe(lane, queue), null, BetweenProbes, BetweenProbes))).Value;

    private void Probe(Lane lane, CapabilityQueue queue)
    {
        if (queue.Queued > 0)
        {
            lane.Change(queue.Probe);
            return;
        }

        // Nothing waits any more; whether the next can be started will be seen then.
        if (EndIfNoneWaits(queue.MsgType))
        {
            LetGo(lane, queue);
        }
    }

    /// <summary>True if nothing of a type waits in any lane: after a reload it may wait in more than one.</summary>
    private bool EndIfNoneWaits(MsgType msgType)
    {
        if (_lanes.Values.Any(l => l.Waits(msgType)))
        {
            return false;
        }

        holds.End(msgType);
        return true;
    }

    private void LetGo(Lane lane, CapabilityQueue queue)
    {
        // First, since what starts now may be held back at once, and then needs a probe of its own.
        if (_probes.TryRemove(queue, out var timer))
        {
            timer.Value.Dispose();
        }

        lane.Change(queue.LetGo);
    }

    private async Task HoldSlotAsync(Lane lane, CapabilityQueue queue, long id, Func<Task> run)
    {
        try
        {
            await run();
        }
        catch (Exception e)
        {
            // The slot must come back whatever happened. The row stays as it is until it is recovered; at a stop by the next start.
            LogRunFailed(e, queue.MsgType);
            if (!_stopped)
            {
                _unsettled?.Invoke(id);
            }
        }

        lane.Release(queue);
        if (queue.Load.IsShared)
        {
            // Another lane may have waited for just this one.
            Turn();
        }

        EndIfIdle();
    }

    private TypeLoad LoadOf(MsgType msgType) => _loads.GetOrAdd(msgType, static _ => new TypeLoad());

    private void EndIfIdle()
    {
        // Stopped lanes take no slot any more, so that what is seen to be free stays free.
        if (_stopped && _lanes.Values.All(static l => l.Running == 0))
        {
            _idle.TrySetResult();
        }
    }

    private void Page(Lane lane, CapabilityQueue queue, PageRequest request) => _ = Task.Run(() => ReadPage(lane, queue, request));

    private void ReadPage(Lane lane, CapabilityQueue queue, PageRequest request)
    {
        IReadOnlyList<QueuedId> page;
        try
        {
            page = ledger.Reader.Page(lane.Name, queue.MsgType, request.After, request.Limit);
        }
        catch (Exception e)
        {
            // Reading fails with the disk, or because the agent is going down; what waits on disk waits on.
            if (!_stopped)
            {
                LogPageFailed(e, queue.MsgType);
                _ = AskAgainAsync(lane, queue);
            }

            return;
        }

        var now = ledger.Now;
        var last = page.Count > 0 ? page[^1].Id : 0;
        lane.Change(() => queue.EndPage([.. page.Where(id => id.NotBefore <= now)], last, page.Count < request.Limit));
        foreach (var id in page.Where(id => id.NotBefore > now))
        {
            OfferWhenDue(lane, queue, id);
        }
    }

    private async Task AskAgainAsync(Lane lane, CapabilityQueue queue)
    {
        await Task.Delay(PageRetry, time);
        lane.Change(queue.AbandonPage);
    }

    private void OfferWhenDue(Lane lane, CapabilityQueue queue, QueuedId id) => _delays.Offer(id, () => lane.Change(() => queue.OfferAgain(id)));
}
