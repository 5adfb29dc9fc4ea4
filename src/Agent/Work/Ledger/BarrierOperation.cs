namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Changes nothing: once it is committed, so is all that was posted before it.</summary>
internal sealed class BarrierOperation : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session) => true;
}
