using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>Deliveries that were settled at the door.</summary>
internal static class RefusalTable
{
    /// <summary>True if this broker message was settled before, as work or as a refusal.</summary>
    public static bool IsKnown(LedgerSession session, string? deliveryId) =>
        deliveryId is not null
        && (session.Scalar("SELECT 1 FROM refusal WHERE delivery_id = $1", deliveryId) is not null
            || session.Scalar("SELECT 1 FROM work WHERE delivery_id = $1", deliveryId) is not null
            || NonceTable.Knows(session, deliveryId));

    /// <summary>Stores the refusal and its settlement, forgetting the oldest if there are too many.</summary>
    public static void Add(LedgerSession session, RefusedDelivery refused, int max, long now)
    {
        var id = (long)session.Scalar(
            """
            INSERT INTO refusal(delivery_id, request_id, msg_type, body_hash, outcome, reason, duplicate_of, requested_by, settled_at)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9) RETURNING id
            """,
            refused.DeliveryId, refused.RequestId, refused.MsgType, refused.BodyHash, (int)refused.Outcome, refused.Reason,
            refused.DuplicateOf, refused.RequestedBy, now)!;
        session.Execute("DELETE FROM refusal WHERE id <= $1", id - max);

        var suppressed = 0;
        if (refused.HasCallersRequestId || session.Tally.MayPublishRefusal(now, out suppressed))
        {
            session.Publish(session.Composer.Compose(SettlementOf(refused, suppressed), now));
        }
    }

    private static Settlement SettlementOf(RefusedDelivery refused, int suppressed) => new()
    {
        RequestId = refused.RequestId,
        RequestType = refused.MsgType,
        Outcome = refused.Outcome,
        Reason = refused.Reason,
        DuplicateOf = refused.DuplicateOf,
        RequestedBy = refused.RequestedBy,
        Suppressed = suppressed,
    };
}
