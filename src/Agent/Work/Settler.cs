using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Doubt;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Ends requests: the handler's conclusion first, then state, settlement, events and record in one transaction.</summary>
internal sealed partial class Settler(
    WorkLedger ledger, LaneBoard lanes, HandlerCall handlers, EventComposer composer, RecordComposer records,
    IEnumerable<IWorkRunner> runners, DoubtSignal doubts, ILogger<Settler> logger)
{
    private readonly IWorkRunner[] _runners = [.. runners];

    /// <summary>Settles what is still queued. Null if it was not queued any more: then nothing was settled.</summary>
    public async Task<Outcome?> SettleQueuedAsync(
        StoredWork row, OpsMessage message, RunResult result, CancellationToken cancellationToken)
    {
        var outcome = await SettleAsync(row, message, result, wasQueued: true, cancellationToken);
        if (outcome is not null)
        {
            lanes.Dequeued(row.Lane, row.MsgType);
        }

        return outcome;
    }

    /// <summary>Settles what has begun, or puts it in doubt. Null if somebody else had settled it.</summary>
    public Task<Outcome?> SettleBegunAsync(StoredWork row, OpsMessage message, RunResult result, CancellationToken cancellationToken) =>
        SettleAsync(row, message, result, wasQueued: false, cancellationToken);

    /// <summary>
    /// Ends a doubt: what became of the work is known now. Nothing is changed when the handler finds that the result does not tell
    /// it, or when it is in doubt no more.
    /// </summary>
    /// <param name="row">The request.</param>
    /// <param name="message">The same, for its handler.</param>
    /// <param name="result">What became of it.</param>
    /// <param name="how">How that was found out, for people.</param>
    public async Task<Resolution> ResolveAsync(StoredWork row, OpsMessage message, RunResult result, string how)
    {
        var conclusion = await handlers.ConcludeAsync(message, result, row.Recovery, CancellationToken.None);
        if (conclusion.Outcome == Outcome.Unknown)
        {
            return new Resolution(Done: false, conclusion);
        }

        var now = ledger.Now;
        var resolved = new SettledWork
        {
            Id = row.Id,
            MsgType = row.MsgType.Value,
            WasQueued = false,
            Outcome = conclusion.Outcome,
            Reason = OneLine.Of(conclusion.Reason.Length > 0 ? $"{conclusion.Reason} ({how})" : how, Settlement.MaxReason),
            ExitCode = result.ExitCode,
            Now = now,
            Message = composer.ComposeResolved(SettlementOf(row, conclusion), how, now),
            Events = composer.Compose(row.RequestId, conclusion.Events, now),
            Record = records.Compose(message, conclusion, duration: null),
        };
        if (!await ledger.Writer.DoAsync(new ResolveOperation(resolved), CancellationToken.None))
        {
            return new Resolution(Done: false, conclusion);
        }

        lanes.CountDoubt(-1);
        LogResolved(row.MsgType, row.RequestId, conclusion.Outcome.ToWire(), how);
        await EndLeftoversAsync(row);
        Array.ForEach(_runners, r => r.Forget(row.RequestId, row.Attempts));
        return new Resolution(Done: true, conclusion);
    }

    /// <summary>What is in doubt may have left something running that could have told of it; nobody asks it any more.</summary>
    private async Task EndLeftoversAsync(StoredWork row)
    {
        foreach (var runner in _runners)
        {
            try
            {
                if (await runner.EndLeftoversAsync(row.RequestId, CancellationToken.None) is { } report && report != default)
                {
                    LogLeftovers(row.MsgType, row.RequestId, report.Ended, report.Survivors);
                }
            }
            catch (IOException e)
            {
                LogLeftoversUnknown(e, row.MsgType, row.RequestId);
            }
        }
    }

    private static Settlement SettlementOf(StoredWork row, Conclusion conclusion) => new()
    {
        RequestId = row.RequestId.Value,
        RequestType = row.MsgType.Value,
        Outcome = conclusion.Outcome,
        Reason = conclusion.Reason,
        RetryOf = row.RetryOf,
        RequestedBy = row.RequestedBy,
    };

    private async Task<Outcome?> SettleAsync(
        StoredWork row, OpsMessage message, RunResult result, bool wasQueued, CancellationToken cancellationToken)
    {
        var conclusion = await handlers.ConcludeAsync(message, result, row.Recovery, cancellationToken);
        var now = ledger.Now;
        var settlement = SettlementOf(row, conclusion) with
        {
            DurationMs = (long)result.Duration.TotalMilliseconds,
            Survivors = result.Survivors,
        };
        var settled = new SettledWork
        {
            Id = row.Id,
            MsgType = row.MsgType.Value,
            WasQueued = wasQueued,
            Outcome = conclusion.Outcome,
            Reason = conclusion.Reason,
            ExitCode = result.ExitCode,
            DurationMs = settlement.DurationMs,
            Survivors = result.Survivors,
            Now = now,
            Message = composer.Compose(settlement, now),
            Events = composer.Compose(row.RequestId, conclusion.Events, now),
            Record = records.Compose(message, conclusion, result.Ran ? result.Duration : null),
        };
        if (!await StoreAsync(settled))
        {
            return null;
        }

        if (conclusion.Outcome == Outcome.Unknown)
        {
            lanes.CountDoubt(1);
            doubts.Raise();
            LogInDoubt(row.MsgType, row.RequestId, conclusion.Reason);
        }
        else if (row.Attempts > 0)
        {
            Array.ForEach(_runners, r => r.Forget(row.RequestId, row.Attempts));
        }

        return conclusion.Outcome;
    }

    private async Task<bool> StoreAsync(SettledWork settled)
    {
        var stored = false;
        try
        {
            stored = await ledger.Writer.DoAsync(new SettleOperation(settled), CancellationToken.None);
            FailPoints.Pass(Boundary.Settled);
        }
        finally
        {
            if (!stored)
            {
                records.NotStored(settled.Record);
            }
        }

        return stored;
    }
}
