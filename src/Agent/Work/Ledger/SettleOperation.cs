using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// Ends a request, or puts it in doubt when its outcome is unknown, and stores the settlement, the events and the action record in
/// the same transaction. False, and nothing published, if it was settled or in doubt before or is not in the state it should be in.
/// </summary>
internal sealed class SettleOperation(SettledWork settled) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        var doubt = settled.Outcome == Outcome.Unknown;
        var changed = session.Execute(
            """
            UPDATE work SET state = $2, outcome = $3, reason = $4, exit_code = $5, duration_ms = $6, survivors = $7, settled_at = $8,
                doubt_at = $10, not_before = NULL, body = CASE WHEN $3 = 0 THEN NULL ELSE body END
            WHERE id = $1 AND state < 3 AND (state = 0) = $9
            """,
            settled.Id, (int)(doubt ? WorkState.Doubt : WorkState.Settled), (int)settled.Outcome, settled.Reason, settled.ExitCode,
            settled.DurationMs, settled.Survivors, doubt ? null : settled.Now, settled.WasQueued ? 1 : 0,
            doubt ? settled.Now : null) == 1;
        if (changed)
        {
            session.Tally.AddQueued(settled.MsgType, settled.WasQueued ? -1 : 0);
            settled.Publish(session);
        }

        return changed;
    }
}

/// <summary>How a request ended.</summary>
internal sealed record SettledWork
{
    public required long Id { get; init; }

    public required string MsgType { get; init; }

    /// <summary>True if it must still be queued, false if it must have begun.</summary>
    public required bool WasQueued { get; init; }

    public required Outcome Outcome { get; init; }

    public required string Reason { get; init; }

    public int? ExitCode { get; init; }

    public long DurationMs { get; init; }

    public int? Survivors { get; init; }

    public required long Now { get; init; }

    /// <summary>The settlement as it is published; null if settlements are off.</summary>
    public OutboxRow? Message { get; init; }

    public IReadOnlyList<OutboxRow> Events { get; init; } = [];

    /// <summary>The action record; null: none.</summary>
    public RestRow? Record { get; init; }

    /// <summary>Puts all that it tells others into the outboxes.</summary>
    public void Publish(LedgerSession session)
    {
        session.Publish(Message);
        foreach (var row in Events)
        {
            session.Publish(row);
        }

        session.Calls.Add(session, Record);
    }
}
