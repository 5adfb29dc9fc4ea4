using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Queued becomes starting, before anything is started. False if it is queued no more.</summary>
internal sealed class StartOperation(long id, string msgType, RecoveryPolicy recovery, long now) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        var changed = session.Execute(
            """
            UPDATE work SET state = 1, attempts = attempts + 1, unended = unended + 1, recovery = $2, started_at = $3,
                not_before = NULL, pid = NULL, pid_start = NULL, boot_id = NULL
            WHERE id = $1 AND state = 0
            """,
            id, (int)recovery, now) == 1;
        session.Tally.AddQueued(msgType, changed ? -1 : 0);
        return changed;
    }
}
