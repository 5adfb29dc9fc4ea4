using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Puts a REST call into its outbox that belongs to no settlement.</summary>
internal sealed class AddCallOperation(RestRow row) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        session.Calls.Add(session, row);
        return true;
    }
}

/// <summary>Forgets a REST call that is answered or given up.</summary>
internal sealed class DeleteCallOperation(long id) : LedgerOperation<bool>
{
    protected override bool Change(LedgerSession session)
    {
        session.Calls.Delete(session, id);
        return true;
    }
}
