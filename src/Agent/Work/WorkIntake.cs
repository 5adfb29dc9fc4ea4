using Microsoft.Data.Sqlite;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>The ledger's door.</summary>
internal sealed class WorkIntake(
    WorkLedger ledger, LaneBoard lanes, HandlerCall handlers, EventComposer composer, RecordComposer records,
    ISenderIdentity senders) : IIntake
{
    public async Task<Admission> AcceptAsync(
        OpsMessage message, ReadOnlyMemory<byte> body, WorkRequest work, CancellationToken cancellationToken)
    {
        var request = new NewWork(message, body.ToArray(), work, ledger.Now)
        {
            // One who is proven is kept in any case: whoever locks a sender out has to find what it has asked for.
            Sender = work.RateLimit is not null || message is { Signature: not null } or { BrokerUser.Length: > 0 } ? senders.Of(message) : null,
        };
        var accept = new AcceptOperation(request, ledger.MaxRefusals, lanes.Accepted);
        var admission = await ledger.Writer.DoAsync(accept, cancellationToken);
        if (admission.Kind == AdmissionKind.Replayed)
        {
            return await RefuseAsync(Refusal.OfSender(message, admission.Reason), cancellationToken);
        }

        if (admission.Kind != AdmissionKind.Rejected)
        {
            return admission;
        }

        var refusal = new Refusal
        {
            DeliveryId = message.DeliveryId,
            RequestId = message.RequestId,
            HasCallersRequestId = message.HasCallersRequestId,
            RequestType = message.MsgType.Value,
            RequestedBy = message.RequestedBy,
            Reason = admission.Reason,
            Message = message,
        };
        return await RefuseAsync(refusal, cancellationToken);
    }

    public async Task<Admission> UseAsync(OpsMessage message, CancellationToken cancellationToken) =>
        await ledger.Writer.DoAsync(new UseNonceOperation(message, ledger.Now), cancellationToken);

    public async Task<Admission> RefuseAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        var reason = OneLine.Of(refusal.Reason, Settlement.MaxReason);
        var (events, record) = await ConcludeAsync(refusal, reason, cancellationToken);
        var refused = new RefusedDelivery
        {
            DeliveryId = refusal.DeliveryId?.Value,
            RequestId = refusal.RequestId.Value,
            HasCallersRequestId = refusal.HasCallersRequestId,
            MsgType = OneLine.Of(refusal.RequestType, EventComposer.MaxMsgType),
            Outcome = Outcome.Rejected,
            Reason = reason,
            RequestedBy = refusal.RequestedBy,
        };
        var admission = default(Admission?);
        try
        {
            admission = await ledger.Writer.DoAsync(
                new RefuseOperation(refused, refusal.Message, refusal.Signed, events, record, ledger.MaxRefusals, ledger.Now), cancellationToken);
            if (admission.Value.Kind != AdmissionKind.Replayed)
            {
                return admission.Value;
            }
        }
        finally
        {
            if (admission?.Kind != AdmissionKind.Rejected)
            {
                records.NotStored(record);
            }
        }

        return await RefuseAsync(Refusal.OfSender(refusal.Message!, admission.Value.Reason), cancellationToken);
    }

    private async Task<(IReadOnlyList<OutboxRow> Events, RestRow? Record)> ConcludeAsync(
        Refusal refusal, string reason, CancellationToken cancellationToken)
    {
        // Neither a redelivery nor a replay is concluded again. That is decided by the writer; the look here only spares the handler.
        if (refusal.Message is null || IsKnown(refusal.DeliveryId, refusal.Message.Signature))
        {
            return ([], null);
        }

        var conclusion = await handlers.ConcludeAsync(
            refusal.Message, RunResult.NotRun(Outcome.Rejected, reason), RecoveryPolicy.Rerun, cancellationToken);
        return (
            composer.Compose(refusal.RequestId, conclusion.Events, ledger.Now),
            records.Compose(refusal.Message, conclusion, duration: null));
    }

    private bool IsKnown(DeliveryId? delivery, MessageSignature? signature)
    {
        try
        {
            return (delivery is { } id && ledger.Reader.IsKnownDelivery(id.Value)) || (signature is not null && ledger.Reader.IsUsed(signature));
        }
        catch (SqliteException)
        {
            // A ledger that can't be read now: the writer will decide, and until then the refusal waits there.
            return false;
        }
    }
}
