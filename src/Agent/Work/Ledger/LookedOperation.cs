namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Notes that a doubt was looked at in vain, and what the look-up said.</summary>
internal sealed class LookedOperation(long id, string said, long now) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session) => session.Execute(
        "UPDATE work SET looks = looks + 1, looked_at = $2, looked = $3 WHERE id = $1 AND state = 3", id, now, said) == 1;
}
