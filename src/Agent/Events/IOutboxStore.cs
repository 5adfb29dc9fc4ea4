namespace OpsAgent.Agent.Events;

/// <summary>Where messages wait until the broker has confirmed them.</summary>
internal interface IOutboxStore
{
    /// <summary>Rows with a greater id than <paramref name="after"/>, in order.</summary>
    IReadOnlyList<OutboxRow> Read(long after, int limit);

    /// <summary>Forgets rows. Completes when that is committed, and so not while the ledger can't commit.</summary>
    Task DeleteAsync(IReadOnlyList<long> ids);
}
