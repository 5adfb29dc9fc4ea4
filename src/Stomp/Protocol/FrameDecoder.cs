using System.Buffers;

namespace OpsAgent.Stomp.Protocol;

/// <summary>
/// Reads frames from bytes as they come, in pieces of any size. It keeps at most one header line in the caller's buffer and one
/// body within the limits, whatever the peer sends.
/// </summary>
/// <param name="limits">Of headers and bodies.</param>
/// <param name="skipsLargeBodies">Whether a body over the limit is skipped and its frame handed on; if not, it is an error.</param>
internal sealed class FrameDecoder(StompLimits limits, bool skipsLargeBodies = true)
{
    private readonly HeaderCollector _headers = new(limits);
    private readonly BodyCollector _body = new(limits.MaxBodyBytes, skipsLargeBodies);
    private Stage _stage;
    private StompCommand _command;
    private bool _frameHasReturns;
    private long _searched;
    private long _bytes;

    private enum Stage
    {
        Between,
        Command,
        Headers,
        RestOfLongHeader,
        Body,
    }

    /// <summary>Set when it is agreed on. Before that nothing is un-escaped.</summary>
    public StompVersion Version { get; set; } = StompVersion.V10;

    /// <summary>The receipt that the frame which is being read asks for; null if it has asked for none so far.</summary>
    public string? Receipt => _stage is Stage.Between or Stage.Command ? null : _headers.Receipt;

    /// <summary>
    /// Takes the next frame off the front of <paramref name="input"/>. False: more is needed; what is left of the input must then
    /// stand at the front of the next.
    /// </summary>
    /// <exception cref="StompProtocolException">The peer broke the protocol or a limit; the decoder can't be used further.</exception>
    public bool TryRead(ref ReadOnlySequence<byte> input, out StompFrame? frame)
    {
        frame = null;
        var before = input.Length;
        while (true)
        {
            if (_stage == Stage.Between)
            {
                if (!SkipLineEnds(ref input))
                {
                    return false;
                }

                (before, _bytes) = (input.Length, 0);
            }

            var goOn = _stage switch
            {
                Stage.Command => ReadCommand(ref input),
                Stage.Headers => ReadHeader(ref input),
                Stage.RestOfLongHeader => SkipLine(ref input),
                _ => ReadBody(ref input, out frame),
            };
            if (frame is not null || !goOn)
            {
                _bytes += before - input.Length;
                frame?.Bytes = _bytes;
                return frame is not null;
            }
        }
    }

    private bool SkipLineEnds(ref ReadOnlySequence<byte> input)
    {
        var reader = new SequenceReader<byte>(input);
        reader.AdvancePastAny((byte)'\n', (byte)'\r');
        input = reader.UnreadSequence;
        _stage = input.IsEmpty ? Stage.Between : Stage.Command;
        return !input.IsEmpty;
    }

    private bool ReadCommand(ref ReadOnlySequence<byte> input)
    {
        Span<byte> name = stackalloc byte[StompCommands.LongestName + 1];
        if (!TryTakeLine(ref input, out var line))
        {
            return input.Length <= name.Length ? false : throw NoCommand();
        }

        if (line.Length > name.Length)
        {
            throw NoCommand();
        }

        line.CopyTo(name);
        name = name[..(int)line.Length];
        _frameHasReturns = name.EndsWith("\r"u8);
        if (!StompCommands.TryParse(_frameHasReturns ? name[..^1] : name, out _command))
        {
            throw NoCommand();
        }

        _headers.Begin(_command, _command.EscapesHeaders() ? Version : StompVersion.V10);
        _stage = Stage.Headers;
        return true;
    }

    private bool ReadHeader(ref ReadOnlySequence<byte> input)
    {
        if (!TryTakeLine(ref input, out var line))
        {
            if (_headers.HasRoomFor(input.Length))
            {
                return false;
            }

            _headers.DropLongLine();
            _stage = Stage.RestOfLongHeader;
            return true;
        }

        var octets = line.IsSingleSegment ? line.FirstSpan : line.ToArray();

        // 1.2 lets any line end in CR LF. Before it CR is part of a value, unless the peer ends all its lines so.
        if (octets is [.., (byte)'\r'] && (_frameHasReturns || Version == StompVersion.V12))
        {
            octets = octets[..^1];
        }

        if (octets.IsEmpty)
        {
            _body.Begin(_command, _headers.ContentLength());
            _stage = Stage.Body;
        }
        else
        {
            _headers.Add(octets);
        }

        return true;
    }

    private bool SkipLine(ref ReadOnlySequence<byte> input)
    {
        if (!TryTakeLine(ref input, out _))
        {
            _searched = 0;
            input = input.Slice(input.End);
            return false;
        }

        _stage = Stage.Headers;
        return true;
    }

    private bool ReadBody(ref ReadOnlySequence<byte> input, out StompFrame? frame)
    {
        frame = null;
        if (!_body.TryTake(ref input))
        {
            return false;
        }

        frame = new StompFrame(_command, _headers.Take(), _body.Take())
        {
            BodyTooLarge = _body.TooLarge,
            HeadersDropped = _headers.Dropped,
        };
        _stage = Stage.Between;
        return true;
    }

    private bool TryTakeLine(ref ReadOnlySequence<byte> input, out ReadOnlySequence<byte> line)
    {
        // What was searched for a line end before is not searched again, so that a peer's single bytes cost no more than a block.
        var end = input.Slice(_searched).PositionOf((byte)'\n');
        _searched = end is null ? input.Length : 0;
        if (end is not { } position)
        {
            line = default;
            return false;
        }

        line = input.Slice(0, position);
        input = input.Slice(input.GetPosition(1, position));
        return true;
    }

    private static StompProtocolException NoCommand() =>
        new(StompProtocolError.UnknownCommand, "the peer sent something that does not begin with a STOMP command");
}
