namespace OpsAgent.Agent.Work.Ledger;

/// <summary>The ledger was asked before it could be opened: its disk may take nothing, and it is tried again.</summary>
internal sealed class LedgerNotOpenException() : InvalidOperationException("the ledger is not open yet");
