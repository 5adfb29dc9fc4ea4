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

    /// <summary>True while a line that is not complete yet can still become a header.</summary>
    public bool HasRoomFor(long lineBytes) => lineBytes <= limits.MaxHeaderBytes && (_bytes + lineBytes <= limits.MaxHeaderBytes || MayDrop);

    public void Add(ReadOnlySpan<byte> line)
    {
        var colon = line.IndexOf((byte)':');
        if (colon < 0)
        {
            throw new StompProtocolException(StompProtocolError.MalformedHeader, $"a header line of a {_command} frame has no colon");
        }

        _bytes += line.Length;
        var known = KnownHeaders.Find(line[..colon]);
        if (_headers.Count >= limits.MaxHeaders || _bytes > limits.MaxHeaderBytes)
        {
            DropOrThrow();

            // The few of the protocol are kept, once each: the message can't be acked without them.
            if (known is null || line.Length > limits.MaxHeaderBytes || Has(known))
            {
                return;
            }
        }

        _headers.Add(new(
            known ?? HeaderEscaping.Unescape(line[..colon], _escaping),
            HeaderEscaping.Unescape(line[(colon + 1)..], _escaping)));
    }

    /// <summary>Marks a message as one whose headers are not all there; other frames with too many end the connection.</summary>
    public void DropOrThrow()
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
