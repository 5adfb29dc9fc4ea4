using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Uses up the nonce of a signed request that the agent itself answers, so that it is answered once.</summary>
internal sealed class UseNonceOperation(OpsMessage message, long now) : LedgerOperation<Admission>
{
    protected override Admission Change(LedgerSession session)
    {
        if (RefusalTable.IsKnown(session, message.DeliveryId?.Value))
        {
            return new Admission(AdmissionKind.KnownDelivery);
        }

        if (NonceTable.Fault(session, message.Signature) is { } fault)
        {
            return new Admission(AdmissionKind.Replayed, Reason: fault);
        }

        NonceTable.Use(session, message, now);
        return new Admission(AdmissionKind.Accepted);
    }
}
