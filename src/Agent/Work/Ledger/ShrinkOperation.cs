namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// Makes some room in a crowded ledger: the bodies of what was settled longest ago, then rows that were settled before the shortest
/// time for which ids are kept. Returns how many rows were touched.
/// </summary>
internal sealed class ShrinkOperation(LedgerRetention retention) : LedgerOperation<int>
{
    protected override int Change(LedgerSession session)
    {
        var bodies = session.Execute(
            """
            UPDATE work SET body = NULL WHERE id IN
                (SELECT id FROM work WHERE state = 4 AND body IS NOT NULL ORDER BY settled_at LIMIT $1)
            """,
            LedgerRetention.Step);
        return bodies > 0 ? bodies
            : !retention.MayForget ? 0
            : session.Execute(
                "DELETE FROM work WHERE id IN (SELECT id FROM work WHERE state = 4 AND settled_at < $1 ORDER BY settled_at LIMIT $2)",
                retention.NeverBefore, LedgerRetention.Step);
    }
}
