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
}
