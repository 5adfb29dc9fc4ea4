using System.Buffers;

namespace OpsAgent.Stomp.Protocol;

/// <summary>The body of the frame that is being read: kept up to the limit, counted off beyond it where that is allowed.</summary>
internal sealed class BodyCollector(int maxBytes, bool mayCountOff)
{
    private ArrayBufferWriter<byte>? _pieces;
    private byte[] _body = [];
    private StompCommand _command;
    private bool _lengthKnown;
    private long _length;
    private long _taken;

    public bool TooLarge { get; private set; }

    public void Begin(StompCommand command, long? length)
    {
        _command = command;
        _lengthKnown = length is not null;
        _length = length ?? 0;
        _taken = 0;
        _pieces = null;
        TooLarge = false;
        if (_length > maxBytes)
        {
            Skip();
        }

        _body = TooLarge || _length == 0 ? [] : new byte[_length];
    }

    /// <summary>Takes what belongs to the body off the front of the input; true when the body and its NUL are through.</summary>
    public bool TryTake(ref ReadOnlySequence<byte> input) => _lengthKnown ? TryTakeCounted(ref input) : TryTakeToNul(ref input);

    public ReadOnlyMemory<byte> Take()
    {
        var body = _body;
        _body = [];
        return body;
    }

    private bool TryTakeCounted(ref ReadOnlySequence<byte> input)
    {
        var piece = input.Slice(0, Math.Min(_length - _taken, input.Length));
        if (!TooLarge)
        {
            piece.CopyTo(_body.AsSpan((int)_taken));
        }

        _taken += piece.Length;
        input = input.Slice(piece.End);
        if (_taken < _length || input.IsEmpty)
        {
            return false;
        }

        if (input.FirstSpan[0] != 0)
        {
            throw new StompProtocolException(
                StompProtocolError.MissingTerminator,
                $"no NUL after the {_length} bytes that content-length announced for a {_command} frame");
        }

        input = input.Slice(1);
        return true;
    }

    private bool TryTakeToNul(ref ReadOnlySequence<byte> input)
    {
        var nul = input.PositionOf((byte)0);
        var piece = nul is { } end ? input.Slice(0, end) : input;
        _taken += piece.Length;
        if (_taken > maxBytes && !TooLarge)
        {
            Skip();
            _pieces = null;
        }

        if (!TooLarge && nul is not null && _pieces is null)
        {
            _body = piece.ToArray();
        }
        else if (!TooLarge)
        {
            _pieces ??= new ArrayBufferWriter<byte>();
            foreach (var part in piece)
            {
                _pieces.Write(part.Span);
            }
        }

        input = input.Slice(piece.End);
        if (nul is null)
        {
            return false;
        }

        input = input.Slice(1);
        _body = _pieces is null ? _body : _pieces.WrittenSpan.ToArray();
        _pieces = null;
        return true;
    }

    private void Skip()
    {
        if (!mayCountOff || !_command.MayHaveBody())
        {
            throw new StompProtocolException(StompProtocolError.BodyTooLarge, $"a {_command} frame has a body of more than {maxBytes} bytes");
        }

        TooLarge = true;
    }
}
