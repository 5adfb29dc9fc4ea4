using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// Ends a doubt and lets its key go, with its message, its events and its record in the same transaction. False, and nothing
/// published, if it is in doubt no more.
/// </summary>
internal sealed class ResolveOperation(SettledWork settled) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        var changed = session.Execute(
            """
            UPDATE work SET state = 4, outcome = $2, reason = $3, exit_code = $4, settled_at = $5,
                body = CASE WHEN $2 = 0 THEN NULL ELSE body END
            WHERE id = $1 AND state = 3
            """,
            settled.Id, (int)settled.Outcome, settled.Reason, settled.ExitCode, settled.Now) == 1;
        if (changed)
        {
            settled.Publish(session);
        }

        return changed;
    }
}
