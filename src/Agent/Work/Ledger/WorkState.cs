namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Where a request stands; the numbers are the ledger's. Below Settled it holds its dedup key.</summary>
internal enum WorkState
{
    Queued = 0,

    /// <summary>Committed before its doer is started.</summary>
    Starting = 1,

    /// <summary>Its doer's pid is known.</summary>
    Running = 2,

    /// <summary>Not known whether it was done.</summary>
    Doubt = 3,

    Settled = 4,
}
