using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work.Holds;

/// <summary>
/// What must be so for a request to be started: that this agent holds the queue, for work that must not run twice, and that the
/// credentials are good that its doer is lent.
/// </summary>
internal sealed class StartConditions(
    IQueueHolding queue, ICredentialGate gate, HoldKeeper holds, HoldTable table, HoldTeller teller, TimeProvider time)
{
    private const string NobodyKnows = "it is not known that this agent holds the queue, and what must not run twice is not started until then";

    /// <summary>Looks; the type's hold begins or ends by what is found.</summary>
    public async ValueTask<StartLook> LookAsync(StoredWork row, WorkRequest request)
    {
        if (request.Recovery == RecoveryPolicy.Report)
        {
            switch (queue.Decide(row.ReceivedAt))
            {
                case { Claim: QueueClaim.Unknown }:
                    holds.Begin(row.MsgType, row.Lane, HoldCause.Queue, NobodyKnows);
                    return new StartLook(Waits: true);
                case { Claim: QueueClaim.Other, Reason: var why }:
                    return new StartLook(
                        Result: RunResult.NotRun(Outcome.Unknown, $"not started, since it may have been done elsewhere: {why}"));
            }
        }

        if (await gate.JudgeAsync(row.MsgType) is not { } missing)
        {
            holds.End(row.MsgType);
            return default;
        }

        var held = holds.Begin(row.MsgType, row.Lane, HoldCause.Credential, missing.Reason, missing.MaxHold);
        if (!(row.HeldAt >= Told(held)))
        {
            teller.Waits(row.MsgType, row.Id);
            return new StartLook(Waits: true);
        }

        var waited = holds.Waited(held, row.Id) ?? time.GetUtcNow() - row.HeldAt.Value;
        return waited < missing.MaxHold
            ? new StartLook(Waits: true)
            : new StartLook(Result: RunResult.NotRun(Outcome.Rejected, $"held for {waited.TotalSeconds:0} s: {missing.Reason}"));
    }

    /// <summary>What a request of that type waited for, as the end of a sentence; empty if it is not held.</summary>
    public string Why(MsgType msgType) => table.Find(msgType) is { Cause: HoldCause.Credential } held ? $"; held: {held.Reason}" : "";

    /// <summary>When it began, as the ledger keeps moments: in whole milliseconds.</summary>
    private static DateTimeOffset Told(HeldType held) => DateTimeOffset.FromUnixTimeMilliseconds(held.Since.ToUnixTimeMilliseconds());
}

/// <summary>What was found.</summary>
/// <param name="Waits">True if it can't be started now and waits on.</param>
/// <param name="Result">How it ends without a start; null: it does not.</param>
internal readonly record struct StartLook(bool Waits = false, RunResult? Result = null);
