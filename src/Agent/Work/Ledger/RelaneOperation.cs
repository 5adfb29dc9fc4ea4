namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Moves what waits of a type to the lane that the manifest of today gives it.</summary>
internal sealed class RelaneOperation(string msgType, string from, string to) : LedgerOperation<int>
{
    protected override int Change(LedgerSession session) =>
        session.Execute("UPDATE work SET lane = $3 WHERE state = 0 AND msg_type = $1 AND lane = $2", msgType, from, to);
}
