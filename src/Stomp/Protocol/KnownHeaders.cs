namespace OpsAgent.Stomp.Protocol;

/// <summary>The names that the protocol and its brokers set themselves: read without an allocation, kept beyond the limits.</summary>
internal static class KnownHeaders
{
    public const string Ack = "ack";
    public const string ContentType = "content-type";
    public const string Destination = "destination";
    public const string Expires = "expires";
    public const string HeartBeat = "heart-beat";
    public const string Id = "id";
    public const string Message = "message";
    public const string MessageId = "message-id";
    public const string ContentLength = "content-length";
    public const string OriginalDestination = "original-destination";
    public const string Receipt = "receipt";
    public const string ReceiptId = "receipt-id";
    public const string Redelivered = "redelivered";
    public const string Server = "server";
    public const string Session = "session";
    public const string Subscription = "subscription";
    public const string Timestamp = "timestamp";
    public const string Transaction = "transaction";
    public const string Version = "version";

    private static readonly (byte[] Bytes, string Name)[] Table =
    [
        .. new[]
        {
            Destination, MessageId, Subscription, Ack, ContentLength, ContentType, Timestamp, Expires, "priority",
            "persistent", Redelivered, ReceiptId, Receipt, Message, Version, HeartBeat, Server, Session, "type", "reply-to",
            "correlation-id", Id, Transaction,
        }.Select(n => (System.Text.Encoding.ASCII.GetBytes(n), n)),
    ];

    /// <summary>The name, or null when it is none of them.</summary>
    public static string? Find(ReadOnlySpan<byte> name)
    {
        foreach (var (bytes, text) in Table)
        {
            if (name.SequenceEqual(bytes))
            {
                return text;
            }
        }

        return null;
    }
}
