using System.Buffers;
using System.Globalization;
using System.Text;

namespace OpsAgent.Stomp.Protocol;

/// <summary>Writes one frame: the command, then headers, then its end.</summary>
internal readonly ref struct FrameEncoder
{
    private readonly IBufferWriter<byte> _output;
    private readonly StompVersion _version;

    public FrameEncoder(IBufferWriter<byte> output, StompVersion version, StompCommand command)
    {
        _output = output;

        // 1.0's rules, that is none, hold for what is never escaped.
        _version = command.EscapesHeaders() ? version : StompVersion.V10;
        _output.Write(command.Name());
        _output.Write("\n"u8);
    }

    public FrameEncoder Header(string name, string value)
    {
        if (name.Length == 0)
        {
            throw new ArgumentException("a header needs a name", nameof(name));
        }

        if (_version == StompVersion.V10 && (name.AsSpan().IndexOfAny('\n', ':') >= 0 || value.Contains('\n', StringComparison.Ordinal)))
        {
            throw new ArgumentException($"the header {Printable.Line(name)} needs escaping, and this frame has none (STOMP 1.0, or CONNECT)");
        }

        Text(HeaderEscaping.Escape(name, _version));
        _output.Write(":"u8);
        Text(HeaderEscaping.Escape(value, _version));
        _output.Write("\n"u8);
        return this;
    }

    public FrameEncoder Headers(IReadOnlyList<KeyValuePair<string, string>> headers)
    {
        for (var i = 0; i < headers.Count; i++)
        {
            Header(headers[i].Key, headers[i].Value);
        }

        return this;
    }

    /// <summary>Ends a frame that has no body.</summary>
    public void End() => _output.Write("\n\0"u8);

    /// <summary>Ends a frame with its body; one that holds NUL must have its length stand before it.</summary>
    public void End(ReadOnlySpan<byte> body, bool contentLength)
    {
        if (contentLength)
        {
            Header(KnownHeaders.ContentLength, body.Length.ToString(CultureInfo.InvariantCulture));
        }
        else if (body.Contains((byte)0))
        {
            throw new ArgumentException("a body that holds a NUL octet can only be sent with content-length", nameof(body));
        }

        _output.Write("\n"u8);
        _output.Write(body);
        _output.Write("\0"u8);
    }

    private void Text(string text) => Encoding.UTF8.GetBytes(text, _output);
}
