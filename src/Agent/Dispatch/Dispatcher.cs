using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Takes each delivery to its handler, and its verdict to where it belongs. Runs on the receive path: it waits for nothing,
/// and no message can throw its way out of it.
/// </summary>
internal sealed partial class Dispatcher(
    Envelope envelope,
    IHandlerSource handlers,
    SenderGate gate,
    IIntake intake,
    SignedControl signed,
    RefusalLine refusals,
    HoldingWindow window,
    IDeliverySource source,
    ReplySender replies,
    ILogger<Dispatcher> logger)
{
    private const string Overfull = "the agent can't store requests now and holds no more";

    private long _dispatched;

    /// <summary>Deliveries from the broker seen since the start.</summary>
    public long Dispatched => Interlocked.Read(ref _dispatched);

    public void Dispatch(Delivery delivery)
    {
        if (delivery.Token is OwnPing own)
        {
            Answer(delivery, own);
            return;
        }

        Interlocked.Increment(ref _dispatched);
        FailPoints.Pass(Boundary.Received);
        switch (envelope.Read(delivery))
        {
            case EnvelopeReading.Foreign:
                LogForeign();
                source.Ack(delivery);
                break;
            case EnvelopeReading.Malformed malformed:
                Refuse(delivery, malformed.Refusal);
                break;
            case EnvelopeReading.Request request:
                Dispatch(delivery, request.Message);
                break;
        }
    }

    private void Dispatch(Delivery delivery, OpsMessage message)
    {
        var handler = handlers.Find(message.MsgType);
        if (handler is null)
        {
            LogUnknownType(PlainText.OneLine(message.MsgType.Value, Envelope.MaxMsgTypeLength));
        }

        if (WayOf(handler, delivery, message, out var answers) is { } way)
        {
            window.Hold(new HeldDelivery(delivery, way, Way));
            return;
        }

        source.AckFirst(delivery);
        replies.Send(answers);
    }

    /// <summary>The agent's own ping goes the way of every ping, up to where its answer would be sent.</summary>
    private void Answer(Delivery delivery, OwnPing own)
    {
        if (envelope.Read(delivery) is EnvelopeReading.Request { Message: var message }
            && handlers.Find(message.MsgType) is { } handler
            && Judge(handler, message) is Verdict.Answered)
        {
            own.Answered();
        }
    }

    private Verdict Judge(IHandler handler, OpsMessage message)
    {
        try
        {
            return handler.Handle(message);
        }
        catch (Exception e)
        {
            // A handler's fault must not stop the receive path: the request is refused, the fault is in the log.
            LogHandlerFailed(e, message.MsgType, message.RequestId);
            return new Verdict.Refused($"its handler failed: {e.GetType().Name}");
        }
    }

    private void Refuse(Delivery delivery, Refusal refusal) => window.Hold(new HeldDelivery(delivery, Refusing(refusal), Way));

    /// <summary>What is to be done with a delivery that was found to be work or a refusal before, and has waited since.</summary>
    private HeldWay Way(Delivery delivery)
    {
        var reading = envelope.Read(delivery);
        if (reading is EnvelopeReading.Malformed malformed)
        {
            return Refusing(malformed.Refusal);
        }

        var message = ((EnvelopeReading.Request)reading).Message;
        return WayOf(handlers.Find(message.MsgType), delivery, message, out _, hasWaited: true) ?? Refusing(Late(message));
    }

    private static Refusal Late(OpsMessage message) =>
        Refusal(message, "its handler answers such requests at once, and this one has waited", known: false);

    /// <summary>How it goes into the ledger; null if it has been judged to be answered at once, with what.</summary>
    private HeldWay? WayOf(IHandler? handler, Delivery delivery, OpsMessage message, out IReadOnlyList<Reply> answers, bool hasWaited = false)
    {
        answers = [];
        if (message.MsgType != HealthPing.Type && !gate.CanJudge(delivery))
        {
            return new HeldWay(
                async ct =>
                {
                    await gate.CanTell.WaitAsync(ct);
                    return await Way(delivery).Store(ct);
                },
                Refusing(Work.Refusal.OfSender(message, "the signing keys can't be read now: it may be sent again later")).IfOverfull);
        }

        var mayAsk = gate.Admits(delivery, message, out var admitted, out var reason);
        if (handler is null)
        {
            return Refusing(Refusal(admitted, "unknown msg_type", known: false));
        }

        if (!mayAsk)
        {
            return Refusing(Work.Refusal.OfSender(admitted, PlainText.OneLine(reason, 300)));
        }

        if (handler is IControlHandler && admitted.Signature is not null)
        {
            return AnsweringOnce(handler, admitted);
        }

        if (handler is IControlHandler && hasWaited)
        {
            // Refused when it came, and a reload lets such ones in since: what has waited as a refusal has no effect.
            return Refusing(Late(admitted));
        }

        switch (Judge(handler, admitted))
        {
            case Verdict.Work work:
                return Accepting(delivery, admitted, work.Request);
            case Verdict.Refused refused:
                return Refusing(Refusal(admitted, refused.Reason, known: true));
            case Verdict.Answered answered:
                answers = answered.Replies;
                break;
        }

        return null;
    }

    /// <summary>
    /// A signed request that the agent itself answers goes by the ledger for its signature alone: whoever hears it on the bus could send it
    /// again.
    /// </summary>
    private HeldWay AnsweringOnce(IHandler handler, OpsMessage message) => new(
        async ct =>
        {
            var admission = await signed.UseAsync(message, ct);
            if (admission.Kind == AdmissionKind.Replayed)
            {
                return await refusals.RefuseAsync(Work.Refusal.OfSender(message, admission.Reason), ct);
            }

            if (admission.Kind == AdmissionKind.Accepted && Judge(handler, message) is Verdict.Answered answered)
            {
                replies.Send(answered.Replies);
            }

            return admission;
        },
        Refusal(message, Overfull, known: false),
        AtOnce: true);

    private HeldWay Accepting(Delivery delivery, OpsMessage message, WorkRequest work) => new(
        ct => intake.AcceptAsync(message, delivery.Body, work, ct),
        Refusal(message, Overfull, known: false));

    /// <summary>
    /// Where the ledger can't say whose request it is, what is refused unread is told under an id of ours: else whoever waits for the request
    /// that has this id would take it for its own.
    /// </summary>
    private HeldWay Refusing(Refusal refusal) => new(
        ct => refusals.RefuseAsync(refusal, ct),
        refusal.Message is null ? refusal with { RequestId = RequestId.New(), HasCallersRequestId = false } : refusal);

    private static Refusal Refusal(OpsMessage message, string reason, bool known) => new()
    {
        DeliveryId = message.DeliveryId,
        RequestId = message.RequestId,
        HasCallersRequestId = message.HasCallersRequestId,
        RequestType = PlainText.OneLine(message.MsgType.Value, Envelope.MaxMsgTypeLength),
        RequestedBy = message.RequestedBy,
        Reason = PlainText.OneLine(reason, 300),
        Message = known ? message : null,
        Signed = known || message.Signature is null ? null : message,
    };
}
