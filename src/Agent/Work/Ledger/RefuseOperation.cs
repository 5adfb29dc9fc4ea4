using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Settles a delivery as rejected, with its handler's events; a delivery that is known already changes nothing.</summary>
internal sealed class RefuseOperation(RefusedDelivery refused, IReadOnlyList<OutboxRow> events, int maxRefusals, long now)
    : LedgerOperation<Admission>
{
    protected override Admission Change(LedgerSession session)
    {
        if (RefusalTable.IsKnown(session, refused.DeliveryId))
        {
            return new Admission(AdmissionKind.KnownDelivery);
        }

        RefusalTable.Add(session, refused, maxRefusals, now);
        foreach (var row in events)
        {
            session.Publish(row);
        }

        return new Admission(AdmissionKind.Rejected, Reason: refused.Reason);
    }
}
