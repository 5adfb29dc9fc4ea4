namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Forgets messages that are confirmed or dropped.</summary>
internal sealed class DeleteOutboxOperation(IReadOnlyList<long> ids) : LedgerOperation<int>
{
    protected override int Change(LedgerSession session)
    {
        var deleted = 0;
        foreach (var id in ids)
        {
            deleted += session.Execute("DELETE FROM outbox WHERE id = $1", id);
        }

        session.Tally.OutboxDepth -= deleted;
        session.Tally.OutboxChanged = true;
        return deleted;
    }
}
