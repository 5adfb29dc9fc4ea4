namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Whether the ledger takes anything in now; read without a lock.</summary>
internal interface ILedgerState
{
    /// <summary>False from a commit that failed for want of space, of a lock or of a working disk, to the next that succeeds.</summary>
    bool CanCommit { get; }

    /// <summary>Why the last commit failed, or what damage a read has met; empty if neither.</summary>
    string LastError { get; }
}
