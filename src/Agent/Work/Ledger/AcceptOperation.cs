using OpsAgent.Abstractions;
using OpsAgent.Agent.Boundaries;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// Stores new work, or finds the rule that speaks against it: delivery, nonce, request, work, room, in this order. A duplicate is
/// settled here; a rejection is only found, since its handler has a say in it before it is stored.
/// </summary>
internal sealed class AcceptOperation(NewWork work, int maxRefusals, Action<long, NewWork> accepted) : LedgerOperation<Admission>
{
    private long _id;

    private OpsMessage Message => work.Message;

    protected override Admission Change(LedgerSession session)
    {
        if (RefusalTable.IsKnown(session, Message.DeliveryId?.Value))
        {
            return new Admission(AdmissionKind.KnownDelivery);
        }

        if (NonceTable.Fault(session, Message.Signature) is { } fault)
        {
            return Again(session) ?? new Admission(AdmissionKind.Replayed, Reason: fault);
        }

        var admission = Place(session);
        if (admission.Kind != AdmissionKind.Rejected)
        {
            NonceTable.Use(session, Message, work.Now);
        }

        return admission;
    }

    /// <summary>
    /// Where the broker tells no message from another, a redelivery is known by the caller's id and the body: then it is the same request
    /// again, which never runs twice.
    /// </summary>
    private Admission? Again(LedgerSession session) =>
        Message.DeliveryId is null && Message.HasCallersRequestId && (SameRequestBefore(session) ?? FindRequest(session)) is { Kind: AdmissionKind.Skipped } same
            ? same
            : null;

    private Admission Place(LedgerSession session)
    {
        if (work.RetryOf is { } retryOf && RetryFamily.Refusal(session, retryOf) is { } refusal)
        {
            return refusal;
        }

        var type = Message.MsgType.Value;
        var full = session.Space.IsFull || session.Tally.Queued(type) >= work.Work.MaxPending;
        if (SameRequestBefore(session) is { } before)
        {
            return before;
        }

        var tooMany = full ? null : SenderRate.Exceeded(session, work);
        if (!full && tooMany is null && Insert(session))
        {
            session.Tally.AddQueued(type, 1);
            return new Admission(AdmissionKind.Accepted);
        }

        if (FindRequest(session) is { } same)
        {
            return same;
        }

        if (FindLiveWork(session) is { } live)
        {
            return Skip(session, live, "the same work is queued, running or in doubt");
        }

        var reason = !full ? tooMany
            : session.Space.IsFull ? session.Space.FullReason
            : $"queue full: {work.Work.MaxPending} requests of {type} wait already";
        return reason is not null
            ? new Admission(AdmissionKind.Rejected, Reason: reason)
            : throw new InvalidOperationException($"the ledger took no row for request {Message.RequestId} and names no rule");
    }

    protected override void OnCommitted(Admission result)
    {
        if (result.Kind == AdmissionKind.Accepted)
        {
            FailPoints.Pass(Boundary.Committed);
            accepted(_id, work);
        }
    }

    private bool Insert(LedgerSession session)
    {
        var id = session.Scalar(
            """
            INSERT INTO work(request_id, callers_id, delivery_id, msg_type, body, body_hash, dedup_key, lane, recovery, state,
                requested_by, sent_at, received_at, retry_of, sender)
            VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, $10, $11, $12, $13, $14)
            ON CONFLICT DO NOTHING RETURNING id
            """,
            Message.RequestId.Value, Message.HasCallersRequestId ? 1 : 0, Message.DeliveryId?.Value, Message.MsgType.Value,
            work.Body, work.BodyHash, work.Work.DedupKey?.Value, work.Work.Lane.Value, (int)work.Work.Recovery,
            Message.RequestedBy, Message.SentAt?.ToUnixTimeMilliseconds(), work.ReceivedAt, work.RetryOf, work.Sender);
        _id = id as long? ?? 0;
        return id is not null;
    }

    /// <summary>A request that was skipped before is the same request still, though it has no row of its own in work.</summary>
    private Admission? SameRequestBefore(LedgerSession session)
    {
        if (!Message.HasCallersRequestId)
        {
            return null;
        }

        var found = session.Query(
            "SELECT body_hash, duplicate_of FROM refusal WHERE request_id = $1 AND outcome = 6 ORDER BY id LIMIT 1",
            static r => (Hash: (byte[])r.GetValue(0), DuplicateOf: r.GetString(1)),
            Message.RequestId.Value);
        return found.Count == 0 ? null : Judge(session, found[0].Hash, found[0].DuplicateOf);
    }

    private Admission? FindRequest(LedgerSession session)
    {
        var hash = session.Scalar("SELECT body_hash FROM work WHERE request_id = $1", Message.RequestId.Value);
        return hash is byte[] bytes ? Judge(session, bytes, Message.RequestId.Value) : null;
    }

    private string? FindLiveWork(LedgerSession session) => work.Work.DedupKey is { } key
        ? session.Scalar("SELECT request_id FROM work WHERE dedup_key = $1 AND state < 4 AND dedup_key IS NOT NULL", key.Value) as string
        : null;

    private Admission Judge(LedgerSession session, byte[] hash, string duplicateOf) => hash.AsSpan().SequenceEqual(work.BodyHash)
        ? Skip(session, duplicateOf, "the same request again")
        : new Admission(AdmissionKind.Rejected, Reason: $"request_id {Message.RequestId} was used before with another body");

    private Admission Skip(LedgerSession session, string duplicateOf, string reason)
    {
        var refused = new RefusedDelivery
        {
            DeliveryId = Message.DeliveryId?.Value,
            RequestId = Message.RequestId.Value,
            HasCallersRequestId = Message.HasCallersRequestId,
            MsgType = Message.MsgType.Value,
            BodyHash = work.BodyHash,
            Outcome = Outcome.Skipped,
            Reason = reason,
            DuplicateOf = duplicateOf,
            RequestedBy = Message.RequestedBy,
        };
        RefusalTable.Add(session, refused, maxRefusals, work.Now);
        return new Admission(AdmissionKind.Skipped, new RequestId(duplicateOf), reason);
    }
}
