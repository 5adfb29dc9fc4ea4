namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Removes some rows that are older than they are kept.</summary>
internal sealed class PruneOperation(LedgerRetention retention) : LedgerOperation<int>
{
    protected override int Change(LedgerSession session)
    {
        var settled = session.Execute(
            "DELETE FROM work WHERE id IN (SELECT id FROM work WHERE state = 4 AND settled_at < $1 ORDER BY settled_at LIMIT $2)",
            retention.SettledBefore, LedgerRetention.Step);
        var refused = session.Execute(
            "DELETE FROM refusal WHERE id IN (SELECT id FROM refusal WHERE settled_at < $1 ORDER BY id LIMIT $2)",
            retention.RefusedBefore, LedgerRetention.Step);
        var nonces = NonceTable.Prune(session, retention.SettledBefore, LedgerRetention.Step);
        if (settled < LedgerRetention.Step && refused < LedgerRetention.Step && nonces < LedgerRetention.Step)
        {
            retention.Postpone();
        }

        return settled + refused + nonces;
    }
}
