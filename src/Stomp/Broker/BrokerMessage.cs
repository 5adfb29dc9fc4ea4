using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Broker;

/// <summary>A message as it is held and handed out. It never changes, so that many connections can write it at the same time.</summary>
internal sealed class BrokerMessage
{
    // What the objects themselves cost, roughly.
    private const int Overhead = 256;
    private const int HeaderOverhead = 80;

    private BrokerMessage(string id, string destination, IReadOnlyList<KeyValuePair<string, string>> headers, ReadOnlyMemory<byte> body)
    {
        (Id, Destination, Headers, Body) = (id, destination, headers, body);
        Size = Overhead + body.Length + headers.Sum(h => HeaderOverhead + (2 * (h.Key.Length + h.Value.Length)));
    }

    /// <summary>A UUID: the same at each redelivery, and never given again, not after a restart either.</summary>
    public string Id { get; }

    public string Destination { get; }

    /// <summary>The sender's headers, without those that the broker sets.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; }

    public ReadOnlyMemory<byte> Body { get; }

    /// <summary>Whether the sender gave a length: what was sent as text arrives as text.</summary>
    public required bool HasContentLength { get; init; }

    /// <summary>When the broker took it, in milliseconds since 1970.</summary>
    public required long Timestamp { get; init; }

    /// <summary>When it is no longer wanted, in milliseconds since 1970; the end of time when the sender did not say.</summary>
    public required long Expires { get; init; }

    /// <summary>Bytes of memory, roughly.</summary>
    public int Size { get; }

    /// <summary>In how many places it is held now. Belongs to <see cref="Capacity"/>.</summary>
    public int Holders { get; set; }

    /// <exception cref="FrameRefusedException">A header makes no sense.</exception>
    public static BrokerMessage FromSend(StompFrame frame, string destination, long now) =>
        new(Guid.NewGuid().ToString("D"), destination, Passed(frame.Headers), frame.Body)
        {
            HasContentLength = frame.Headers.TryGet(KnownHeaders.ContentLength, out _),
            Timestamp = now,
            Expires = ExpiryOf(frame.Headers),
        };

    /// <summary>The same message for a dead-letter queue: it says where it was refused, and waits there for as long as it takes.</summary>
    public BrokerMessage DeadLetter(string destination) =>
        new(Id, destination, [new(KnownHeaders.OriginalDestination, Destination), .. Headers.Where(h => h.Key != KnownHeaders.Expires)], Body)
        {
            HasContentLength = HasContentLength,
            Timestamp = Timestamp,
            Expires = long.MaxValue,
        };

    private static List<KeyValuePair<string, string>> Passed(StompHeaders headers)
    {
        var passed = new List<KeyValuePair<string, string>>(headers.All.Count);
        for (var i = 0; i < headers.All.Count; i++)
        {
            var header = headers.All[i];
            if (header.Key.Length == 0)
            {
                throw new FrameRefusedException("a header has no name");
            }

            if (header.Key is not (KnownHeaders.Destination or KnownHeaders.Receipt or KnownHeaders.Transaction or KnownHeaders.ContentLength
                or KnownHeaders.MessageId or KnownHeaders.Subscription or KnownHeaders.Ack or KnownHeaders.Timestamp or KnownHeaders.Redelivered))
            {
                passed.Add(header);
            }
        }

        return passed;
    }

    private static long ExpiryOf(StompHeaders headers)
    {
        if (!headers.TryGet(KnownHeaders.Expires, out var text))
        {
            return long.MaxValue;
        }

        // ActiveMQ takes 0 for never too.
        return long.TryParse(text, System.Globalization.NumberStyles.None, null, out var expires)
            ? expires == 0 ? long.MaxValue : expires
            : throw new FrameRefusedException($"expires is no number of milliseconds since 1970: {Printable.Line(text)}");
    }
}
