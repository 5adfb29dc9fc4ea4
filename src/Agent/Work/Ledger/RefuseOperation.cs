using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Settles a delivery as rejected, with its handler's events and record; a delivery that is known already changes nothing.</summary>
/// <param name="refused">What is kept of it.</param>
/// <param name="signed">A request that was read: refused as a replay if its nonce is used.</param>
/// <param name="unread">One whose handler was not asked: its nonce is used from here on, if it was not before.</param>
/// <param name="events">What its handler says.</param>
/// <param name="record">The action's record.</param>
/// <param name="maxRefusals">Kept at most.</param>
/// <param name="now">In ms unix UTC.</param>
internal sealed class RefuseOperation(
    RefusedDelivery refused, OpsMessage? signed, OpsMessage? unread, IReadOnlyList<OutboxRow> events, RestRow? record, int maxRefusals, long now)
    : LedgerOperation<Admission>
{
    protected override Admission Change(LedgerSession session)
    {
        if (RefusalTable.IsKnown(session, refused.DeliveryId))
        {
            return new Admission(AdmissionKind.KnownDelivery);
        }

        if (NonceTable.Fault(session, signed?.Signature) is { } fault)
        {
            return new Admission(AdmissionKind.Replayed, Reason: fault);
        }

        if (signed is not null)
        {
            NonceTable.Use(session, signed, now);
        }

        if (unread is not null)
        {
            NonceTable.Use(session, unread, now);
        }

        RefusalTable.Add(session, signed is null ? UnderItsOwnId(session) : refused, maxRefusals, now);
        foreach (var row in events)
        {
            session.Publish(row);
        }

        session.Calls.Add(session, record);

        return new Admission(AdmissionKind.Rejected, Reason: refused.Reason);
    }

    /// <summary>
    /// Anybody may send what is refused unread, and ids are public once they are settled: under the id of a request that was accepted, whoever
    /// waits for that one would take this settlement for its own.
    /// </summary>
    private RefusedDelivery UnderItsOwnId(LedgerSession session) =>
        session.Scalar("SELECT 1 FROM work WHERE request_id = $1", refused.RequestId) is null
            ? refused
            : refused with { RequestId = RequestId.New().Value, HasCallersRequestId = false };
}
