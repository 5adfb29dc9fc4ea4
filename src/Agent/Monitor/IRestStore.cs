namespace OpsAgent.Agent.Monitor;

/// <summary>Where calls wait until they are answered.</summary>
internal interface IRestStore
{
    /// <summary>The oldest, in order.</summary>
    IReadOnlyList<RestRow> ReadCalls(int limit);

    /// <summary>Adds one without waiting for its commit. False if the store is closed.</summary>
    bool PostCall(RestRow row);

    /// <summary>Forgets one. Completes when that is committed, and so not while the ledger can't commit.</summary>
    Task DeleteCallAsync(long id);
}
