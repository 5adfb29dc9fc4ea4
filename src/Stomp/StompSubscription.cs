namespace OpsAgent.Stomp;

/// <summary>A subscription; it is made again on every new connection until it is ended here.</summary>
public sealed class StompSubscription
{
    private readonly Func<StompSubscription, ValueTask> _unsubscribe;

    internal StompSubscription(
        string id,
        StompSubscribeOptions options,
        Func<StompMessage, ValueTask> onMessage,
        Func<StompSubscription, ValueTask> unsubscribe)
    {
        Id = id;
        Options = options;
        OnMessage = onMessage;
        _unsubscribe = unsubscribe;
    }

    /// <summary>The id on the wire, the same on every connection.</summary>
    public string Id { get; }

    /// <summary>What was asked for.</summary>
    public StompSubscribeOptions Options { get; }

    internal Func<StompMessage, ValueTask> OnMessage { get; }

    internal bool Ended { get; set; }

    /// <summary>Ends it: nothing is handed to its handler after this, save a message that is being handled now.</summary>
    public ValueTask UnsubscribeAsync() => _unsubscribe(this);
}
