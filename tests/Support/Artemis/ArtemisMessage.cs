using System.Text;

namespace OpsAgent.Tests.Support.Artemis;

/// <summary>A message in the store.</summary>
public sealed class ArtemisMessage
{
    /// <summary>The second half of its message-id: the store's number of it, the same at each delivery.</summary>
    public required long Number { get; init; }

    /// <summary>When it was taken in, in milliseconds since 1970; the same at each delivery.</summary>
    public required long Timestamp { get; init; }

    /// <summary>As its sender wrote it.</summary>
    public required string Destination { get; init; }

    /// <summary>The body.</summary>
    public required ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>It came with content-length, is kept as bytes, and leaves with content-length; without, it is text.</summary>
    public required bool AsBytes { get; init; }

    /// <summary>The sender's further headers.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } = [];

    /// <summary>How often it was handed to a consumer.</summary>
    public int Attempts { get; internal set; }

    /// <summary>The body as text.</summary>
    public string Text => Encoding.UTF8.GetString(Body.Span);

    /// <summary>Its place in its queue, whatever the numbering.</summary>
    internal long Order { get; init; }

    /// <summary>A header of the sender's, or null.</summary>
    public string? this[string name] => Headers.Where(h => h.Key == name).Select(h => h.Value).FirstOrDefault();

    /// <summary>The same message for another subscriber of a topic.</summary>
    internal ArtemisMessage Copy() => new()
    {
        Number = Number,
        Timestamp = Timestamp,
        Destination = Destination,
        Body = Body,
        AsBytes = AsBytes,
        Headers = Headers,
        Order = Order,
    };
}
