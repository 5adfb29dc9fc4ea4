namespace OpsAgent.Agent.Launching;

/// <summary>Takes the lines that a <see cref="LineCutter"/> finds.</summary>
internal interface ILineSink
{
    /// <summary>One line without its end; valid only during the call.</summary>
    /// <param name="line">Its bytes, as many as are kept.</param>
    /// <param name="isCut">True if the line was longer and its rest was dropped.</param>
    void Take(ReadOnlySpan<byte> line, bool isCut);
}

/// <summary>Cuts a stream of bytes into lines of bounded length, whatever pieces it comes in.</summary>
internal sealed class LineCutter(ILineSink sink, int longest)
{
    private byte[] _begun = [];
    private int _length;
    private bool _isCut;

    /// <summary>Takes the next piece.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        int end;
        while ((end = piece.IndexOf((byte)'\n')) >= 0)
        {
            var line = piece[..end];
            piece = piece[(end + 1)..];
            if (_length == 0 && !_isCut)
            {
                Emit(line[..Math.Min(line.Length, longest)], line.Length > longest);
                continue;
            }

            Keep(line);
            Flush();
        }

        Keep(piece);
    }

    /// <summary>Gives out a last line that has no end.</summary>
    public void Flush()
    {
        if (_length > 0 || _isCut)
        {
            Emit(_begun.AsSpan(0, _length), _isCut);
            _length = 0;
            _isCut = false;
        }
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        var kept = piece[..Math.Min(piece.Length, longest - _length)];
        _isCut |= kept.Length < piece.Length;
        if (_length + kept.Length > _begun.Length)
        {
            Array.Resize(ref _begun, Math.Min(longest, Math.Max(256, (_length + kept.Length) * 2)));
        }

        kept.CopyTo(_begun.AsSpan(_length));
        _length += kept.Length;
    }

    private void Emit(ReadOnlySpan<byte> line, bool isCut) => sink.Take(line is [.., (byte)'\r'] ? line[..^1] : line, isCut);
}
