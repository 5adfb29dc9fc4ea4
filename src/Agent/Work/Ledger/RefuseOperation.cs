using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Settles a delivery as rejected, with its handler's events and record; a delivery that is known already changes nothing.</summary>
internal sealed class RefuseOperation(
    RefusedDelivery refused, OpsMessage? signed, IReadOnlyList<OutboxRow> events, RestRow? record, int maxRefusals, long now) : LedgerOperation<Admission>
{
    protected override Admission Change(LedgerSession session)
    {
        if (RefusalTable.IsKnown(session, refused.DeliveryId))
        {
            return new Admission(AdmissionKind.KnownDelivery);
        }

        if (signed is not null && NonceTable.IsUsed(session, signed.Signature))
        {
            return new Admission(AdmissionKind.Replayed, Reason: NonceTable.Replay);
        }

        if (signed is not null)
        {
            NonceTable.Use(session, signed, now);
        }

        RefusalTable.Add(session, refused, maxRefusals, now);
        foreach (var row in events)
        {
            session.Publish(row);
        }

        session.Calls.Add(session, record);

        return new Admission(AdmissionKind.Rejected, Reason: refused.Reason);
    }
}
