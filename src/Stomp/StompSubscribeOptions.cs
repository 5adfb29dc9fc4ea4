namespace OpsAgent.Stomp;

/// <summary>What to subscribe to, and how.</summary>
public sealed record StompSubscribeOptions
{
    /// <summary>Exactly as it goes on the wire.</summary>
    public required string Destination { get; init; }

    /// <summary>When a message counts as done.</summary>
    public StompAckMode AckMode { get; init; } = StompAckMode.Auto;

    /// <summary>Passed through as given, for example <c>activemq.prefetchSize</c> or <c>consumer-window-size</c>.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// Whether a message is handed out before those that wait for the handler, save every 16th turn, which is the oldest one's. Asked on the
    /// thread that reads: must be quick. What it throws counts as no. Null: all come in their order. Not for <see cref="StompAckMode.Client"/>,
    /// where the ack of one that passed would be one of those that it passed.
    /// </summary>
    public Func<StompMessage, bool>? GoesFirst { get; init; }
}
