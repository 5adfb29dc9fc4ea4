using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Bus;

/// <summary>One frame from the ops queue, before anybody looked into it.</summary>
internal sealed class Delivery
{
    /// <summary>Tells this broker message from every other; null when the broker can't.</summary>
    public DeliveryId? Id { get; init; }

    /// <summary>The body as received; empty if <see cref="TooLarge"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>True if the body was longer than the agent reads: it was skipped.</summary>
    public bool TooLarge { get; init; }

    /// <summary>The whole frame's length on the wire, which a broker's byte window counts; 0 if it did not come by one.</summary>
    public long FrameBytes { get; init; }

    /// <summary>The broker's <c>timestamp</c> header; null without one.</summary>
    public DateTimeOffset? SentAt { get; init; }

    /// <summary>The login of the sender's connection (<c>JMSXUserID</c>), if the broker is known to vouch for it; else null.</summary>
    public string? BrokerUser { get; init; }

    /// <summary>All headers of its frame as they came, repeated ones too; empty if it did not come by one.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>True if the frame had more headers than are read: some are not among <see cref="Headers"/>.</summary>
    public bool HeadersDropped { get; init; }

    /// <summary>When the frame was taken in.</summary>
    public required DateTimeOffset ReceivedAt { get; init; }

    /// <summary>What the bus needs to ack it.</summary>
    public required object Token { get; init; }
}
