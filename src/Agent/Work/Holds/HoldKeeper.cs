using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work.Holds;

/// <summary>
/// Begins and ends holds. One for a credential is kept in the ledger, so that a restart in the middle of it neither tells its requests
/// anew nor gives them more time.
/// </summary>
internal sealed partial class HoldKeeper(
    WorkLedger ledger, HoldTable table, HoldTeller teller, WorkAges ages, TimeProvider time, ILogger<HoldKeeper> logger)
{
    private readonly Lock _gate = new();

    /// <summary>What ran as its type's hold began and waits again, with the moment.</summary>
    private readonly ConcurrentDictionary<long, (MsgType MsgType, long At)> _again = [];

    /// <summary>Takes up those of an earlier run. Before the lanes are opened.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) =>
        ledger.Writer.DoAsync(new LoadHoldsOperation(found => found.ForEach(table.Set)), cancellationToken);

    /// <summary>A type's work can't be started now. Returns the hold, which may have begun earlier.</summary>
    public HeldType Begin(MsgType msgType, LaneName lane, HoldCause cause, string reason, TimeSpan? maxHold = null)
    {
        lock (_gate)
        {
            var before = table.Find(msgType);
            if (before is { Cause: HoldCause.Credential } && cause == HoldCause.Queue)
            {
                // Whether the credential is good again was not asked.
                return before;
            }

            var held = before?.Cause == cause
                ? before with { Lane = lane, Reason = reason, MaxHold = maxHold }
                : new HeldType(msgType, lane, cause, reason, time.GetUtcNow(), maxHold, time.GetTimestamp());
            if (held == before)
            {
                return before;
            }

            table.Set(held);
            if (before?.Cause != cause || before.Reason != reason)
            {
                LogHeld(msgType, reason);
            }

            if (cause == HoldCause.Credential)
            {
                ledger.Writer.Post(new HoldOperation(held));
                teller.Begun(msgType);
            }

            return held;
        }
    }

    /// <summary>Its work may start. Does nothing if it was not held.</summary>
    public void End(MsgType msgType)
    {
        if (table.Find(msgType) is null)
        {
            return;
        }

        lock (_gate)
        {
            if (table.Find(msgType) is not { } held)
            {
                return;
            }

            table.Remove(msgType);
            foreach (var id in _again.Where(a => a.Value.MsgType == msgType).Select(static a => a.Key))
            {
                _again.TryRemove(id, out _);
            }

            LogGoesOn(msgType, (time.GetUtcNow() - held.Since).TotalSeconds);
            if (held.Cause == HoldCause.Credential)
            {
                ledger.Writer.Post(new EndHoldOperation(msgType));
            }
        }
    }

    /// <summary>More of it waits now. Called by the writer's thread.</summary>
    public void Accepted(MsgType msgType)
    {
        if (table.Find(msgType) is { Cause: HoldCause.Credential })
        {
            teller.Signal();
        }
    }

    /// <summary>One of it that had begun waits again.</summary>
    public void Requeued(MsgType msgType, long id)
    {
        if (table.Find(msgType) is { Cause: HoldCause.Credential })
        {
            _again[id] = (msgType, time.GetTimestamp());
            teller.Waits(msgType, id);
        }
    }

    /// <summary>How long a request has waited in a hold, by a clock that nobody sets; null if both are of an earlier run of the agent.</summary>
    public TimeSpan? Waited(HeldType held, long id)
    {
        if (_again.TryGetValue(id, out var again))
        {
            return time.GetElapsedTime(again.At);
        }

        // Since the hold began or the request came, whichever was later.
        var (hold, own) = (held.Began is { } began ? time.GetElapsedTime(began) : (TimeSpan?)null, ages.Of(id));
        return hold is null || own < hold ? own : hold;
    }
}
