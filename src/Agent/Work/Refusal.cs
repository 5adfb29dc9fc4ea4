using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>A delivery that is refused before it becomes work.</summary>
internal sealed record Refusal
{
    /// <summary>The broker message, when brokers tell them apart.</summary>
    public DeliveryId? DeliveryId { get; init; }

    /// <summary>The caller's id if it was readable, else one of ours.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>True if <see cref="RequestId"/> is the caller's own: its settlement is never rate-limited.</summary>
    public bool HasCallersRequestId { get; init; }

    /// <summary>The type as the message spells it, cut to 50 characters; empty if it was not readable.</summary>
    public string RequestType { get; init; } = "";

    /// <summary>Who asked, as the message says; null if not readable.</summary>
    public string? RequestedBy { get; init; }

    /// <summary>One line, at most 300 characters, without control characters.</summary>
    public required string Reason { get; init; }

    /// <summary>
    /// Of one who may not ask, or who replays what another has signed: it has no effect but a bounded number of settlements. Its handler is
    /// not asked, since an event or a marker would be one.
    /// </summary>
    public static Refusal OfSender(OpsMessage message, string reason) => new()
    {
        DeliveryId = message.DeliveryId,
        RequestId = message.RequestId,
        RequestType = message.MsgType.Value,
        RequestedBy = message.RequestedBy,
        Reason = reason,
        Signed = message.Signature is null ? null : message,
    };

    /// <summary>
    /// The request, when its signature is right: the refusal uses its nonce up. Whoever heard it could else send it again once its key is
    /// listed or its window fits, though its sender was told that it was refused.
    /// </summary>
    public OpsMessage? Signed { get; init; }

    /// <summary>The request, when it could be read; its handler may then have events for a refusal.</summary>
    public OpsMessage? Message { get; init; }
}
