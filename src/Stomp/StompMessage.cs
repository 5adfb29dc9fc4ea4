using System.Text;

namespace OpsAgent.Stomp;

/// <summary>A message as the broker delivered it. It owns its memory and may be kept.</summary>
public sealed class StompMessage(StompHeaders headers, ReadOnlyMemory<byte> body, long connection = 0)
{
    private int _answered;

    /// <summary>Where it was sent, as the broker names it; empty if the broker did not say.</summary>
    public string Destination { get; } = headers.Get("destination") ?? "";

    /// <summary>The broker's id of it; empty if the broker gave none.</summary>
    public string MessageId { get; } = headers.Get("message-id") ?? "";

    /// <summary>Every header of the frame.</summary>
    public StompHeaders Headers { get; } = headers;

    /// <summary>The body; empty when <see cref="BodyTooLarge"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; } = body;

    /// <summary>The body as UTF-8 text, made anew at each call; what is no UTF-8 becomes U+FFFD.</summary>
    public string GetText() => Encoding.UTF8.GetString(Body.Span);

    /// <summary>The body was larger than <see cref="StompLimits.MaxBodyBytes"/> and was skipped. Such a message can be acked.</summary>
    public bool BodyTooLarge { get; init; }

    /// <summary>There were more headers than the limits allow, and those that the protocol does not need were dropped.</summary>
    public bool HeadersDropped { get; init; }

    /// <summary>The whole frame's length on the wire, with what was skipped or dropped of it: what a broker's byte window counts.</summary>
    public long FrameBytes { get; init; }

    /// <summary>The number of the connection that it came by: 1 for a client's first. It can be acked on that one only.</summary>
    public long Connection { get; } = connection;

    internal StompSubscription? Subscription { get; init; }

    /// <summary>True for the first caller: brokers answer a second ACK of a message with an ERROR.</summary>
    internal bool TakeAnswer() => Interlocked.Exchange(ref _answered, 1) == 0;
}
