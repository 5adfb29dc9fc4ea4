namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Begun work goes back to queued, keeping its dedup key.</summary>
internal sealed class RequeueOperation(long id, string msgType, RequeueCause cause, long? notBefore, string? reason = null) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        var changed = session.Execute(
            """
            UPDATE work SET state = 0, not_before = $2, retries = retries + $3, reason = $5, unended = CASE WHEN $4 = 1 THEN unended ELSE 0 END
            WHERE id = $1 AND state IN (1, 2)
            """,
            id, notBefore, cause == RequeueCause.TryAgain ? 1 : 0, cause == RequeueCause.Crash ? 1 : 0, reason) == 1;
        session.Tally.AddQueued(msgType, changed ? 1 : 0);
        return changed;
    }
}

/// <summary>Why begun work is queued again.</summary>
internal enum RequeueCause
{
    /// <summary>Its doer asked for it.</summary>
    TryAgain = 0,

    /// <summary>A drain has ended it.</summary>
    Drain = 1,

    /// <summary>The agent went away under it: this start counts as one without an end.</summary>
    Crash = 2,
}
