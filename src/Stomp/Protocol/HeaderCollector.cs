using System.Globalization;

namespace OpsAgent.Stomp.Protocol;

/// <summary>The headers of the frame that is being read, within the limits.</summary>
internal sealed class HeaderCollector(StompLimits limits)
{
    private readonly List<KeyValuePair<string, string>> _headers = [];
    private StompCommand _command;
    private StompVersion _escaping;
    private long _bytes;

    public bool Dropped { get; private set; }

    /// <summary>What the frame asks for as far as it has been read.</summary>
    public string? Receipt => _headers.Find(h => h.Key == KnownHeaders.Receipt).Value;

    public void Begin(StompCommand command, StompVersion escaping)
    {
        _command = command;
        _escaping = escaping;
        _bytes = 0;
        Dropped = false;
        _headers.Clear();
    }

    /// <summary>
    /// True while a line that is not complete yet can still become a header: what comes of it must not hang on how the bytes were
    /// cut. Its last byte may turn out to be a carriage return that does not count.
    /// </summary>
    public bool HasRoomFor(long lineBytes) =>
        lineBytes - 1 <= limits.MaxHeaderBytes && (_bytes + lineBytes - 1 <= limits.MaxHeaderBytes || MayDrop);

    public void Add(ReadOnlySpan<byte> line)
    {
        _bytes += line.Length;
        var isFull = _headers.Count >= limits.MaxHeaders || _bytes > limits.MaxHeaderBytes;
        if (isFull)
        {
            DropOrThrow();
        }

        if (line.Length > limits.MaxHeaderBytes)
        {
            return; // as one that came in pieces, whose end was not looked at
        }

        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            throw new StompProtocolException(StompProtocolError.MalformedHeader, $"a header line of a {_command} frame has no colon");
        }

        // The few of the protocol are kept, once each: the message can't be acked without them.
        var known = KnownHeaders.Find(line[..colon]);
        if (isFull && (known is null || Has(known)))
        {
            return;
        }

        _headers.Add(new(
            known ?? HeaderEscaping.Unescape(line[..colon], _escaping),
            HeaderEscaping.Unescape(line[(colon + 1)..], _escaping)));
    }

    /// <summary>A line that is longer than there is room for, its end still to come: the rest of the frame's headers have none.</summary>
    public void DropLongLine()
    {
        DropOrThrow();
        _bytes += limits.MaxHeaderBytes + 1L;
    }

    /// <summary>Marks a message as one whose headers are not all there; other frames with too many end the connection.</summary>
    private void DropOrThrow()
    {
        if (!MayDrop)
        {
            throw _headers.Count >= limits.MaxHeaders
                ? new StompProtocolException(StompProtocolError.TooManyHeaders, $"a {_command} frame has more than {limits.MaxHeaders} headers")
                : new StompProtocolException(StompProtocolError.HeadersTooLarge, $"the headers of a {_command} frame exceed {limits.MaxHeaderBytes} bytes");
        }

        Dropped = true;
    }

    /// <summary>What content-length says; null when there is none.</summary>
    public long? ContentLength()
    {
        foreach (var (name, value) in _headers)
        {
            if (ReferenceEquals(name, KnownHeaders.ContentLength))
            {
                return long.TryParse(value.AsSpan().Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var length)
                    ? length
                    : throw new StompProtocolException(
                        StompProtocolError.InvalidContentLength,
                        $"content-length is no number: {Printable.Line(value)}");
            }
        }

        return null;
    }

    public StompHeaders Take() => new([.. _headers]);

    private bool MayDrop => _command == StompCommand.Message;

    private bool Has(string name) => _headers.Exists(h => h.Key == name);
}
