using System.Text.Json;

namespace OpsAgent.Abstractions;

/// <summary>One request as a handler sees it: its envelope read, its namespace ours, its fields not yet looked at.</summary>
public sealed record OpsMessage
{
    /// <summary>What is asked for.</summary>
    public required MsgType MsgType { get; init; }

    /// <summary>The caller's id, or one that the agent gave.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>True if <see cref="RequestId"/> is the caller's own.</summary>
    public bool HasCallersRequestId { get; init; }

    /// <summary>The broker message that brought it, when the broker tells one from another.</summary>
    public DeliveryId? DeliveryId { get; init; }

    /// <summary>The whole body, a JSON object; owned by this message.</summary>
    public required JsonElement Body { get; init; }

    /// <summary>The broker's <c>timestamp</c>, when it gives one; else null.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When the agent took the frame in.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>
    /// Who asked, as the message itself says (<c>requested_by</c>, else <c>created_by</c>, <c>owner</c>, <c>sender</c>);
    /// a label for records, never a proof. Null when none is given.
    /// </summary>
    public string? RequestedBy { get; init; }

    /// <summary>
    /// The login of the sender's connection, where the agent is told that the broker vouches for it (<c>JMSXUserID</c>); null otherwise,
    /// and after a restart of the agent.
    /// </summary>
    public string? BrokerUser { get; init; }

    /// <summary>Its signature, found right; null if it has none, and after a restart of the agent.</summary>
    public MessageSignature? Signature { get; init; }

    /// <summary>The text of a top-level string field; null if it is absent, empty or no string.</summary>
    public string? Text(string field) =>
        Body.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
