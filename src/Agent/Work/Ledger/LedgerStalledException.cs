namespace OpsAgent.Agent.Work.Ledger;

/// <summary>A change is not on disk yet, and whoever asked for it should not wait any longer; it stays with the ledger.</summary>
internal sealed class LedgerStalledException(string lastError)
    : Exception($"the ledger has not stored it yet: {(lastError.Length > 0 ? lastError : "its disk does not answer")}");
