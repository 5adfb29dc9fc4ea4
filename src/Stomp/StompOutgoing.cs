using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace OpsAgent.Stomp;

/// <summary>A message to send.</summary>
public sealed record StompOutgoing
{
    /// <summary>A message that is yet to be filled in.</summary>
    public StompOutgoing()
    {
    }

    /// <summary>A message of text, sent as UTF-8.</summary>
    /// <param name="destination">Exactly as it goes on the wire.</param>
    /// <param name="text">The body. One with a NUL needs <see cref="ContentLength"/>.</param>
    [SetsRequiredMembers]
    public StompOutgoing(string destination, string text)
    {
        Destination = destination;
        Body = Encoding.UTF8.GetBytes(text);
    }

    /// <summary>Exactly as it goes on the wire.</summary>
    public required string Destination { get; init; }

    /// <summary>Sent as it is; it may hold a NUL octet only with <see cref="ContentLength"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>Further headers, in this order. <c>destination</c>, <c>receipt</c> and <c>content-length</c> are not for callers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>
    /// True: a content-length header is sent. ActiveMQ then stores the body as bytes, without it as text, and its other clients see
    /// the difference.
    /// </summary>
    public bool ContentLength { get; init; }
}
