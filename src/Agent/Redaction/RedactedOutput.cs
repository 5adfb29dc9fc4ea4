using System.Text;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// One output stream of a doer without the credentials in it, passed on in whole lines. A line that does not end is passed on in
/// parts, cut where no credential stands. For one thread at a time.
/// </summary>
/// <param name="redactor">Knows what to take out.</param>
/// <param name="push">Takes what may be seen.</param>
internal sealed class RedactedOutput(Redactor redactor, RedactedOutput.Sink push)
{
    /// <summary>Of a line without an end so much is kept back; in bytes.</summary>
    public const int LongestLine = 64 * 1024;

    // More than any shape's mark and any known form is long, each of its characters escaped, so that both sides of a cut are seen before
    // it is made.
    private const int Overlap = 28 * 1024;

    private byte[] _begun = [];
    private int _length;
    private KeyState _key;
    private Skipping _skipping;
    private bool _isCut;
    private int _dropLeft;

    /// <summary>Takes a piece; valid only during the call.</summary>
    public delegate void Sink(ReadOnlySpan<byte> piece);

    private enum Skipping
    {
        None,
        ToBlank,
        ToLineEnd,
    }

    /// <summary>Takes the next piece of the stream.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        piece = BehindGap(piece);
        var last = piece.LastIndexOf((byte)'\n');
        if (last >= 0)
        {
            if (_length > 0 || _skipping != Skipping.None)
            {
                var first = piece.IndexOf((byte)'\n');
                Keep(piece[..first]);
                EndLine();
                piece = piece[(first + 1)..];
                last -= first + 1;
            }

            Lines(piece[..(last + 1)]);
            piece = piece[(last + 1)..];
        }

        Keep(piece);
    }

    /// <summary>
    /// Some of the stream is missing here. Half lines on both sides of the gap are dropped, since half a credential can't be known: of
    /// a line without an end as much as is held. What goes on behind it may be a private key that began in it.
    /// </summary>
    public void Skip()
    {
        if (_isCut)
        {
            // Parts of that line were passed on: what follows is another one.
            push("\n"u8);
        }

        _length = 0;
        _skipping = Skipping.None;
        _isCut = false;
        _key.Suspect();
        _dropLeft = LongestLine;
    }

    /// <summary>The stream is over: a last line without an end is passed on.</summary>
    public void Complete()
    {
        if (_length > 0)
        {
            Pass(_begun.AsSpan(0, _length), "");
            _length = 0;
        }

        _skipping = Skipping.None;
        _isCut = false;
    }

    private ReadOnlySpan<byte> BehindGap(ReadOnlySpan<byte> piece)
    {
        if (_dropLeft == 0)
        {
            return piece;
        }

        var half = piece[..Math.Min(piece.Length, _dropLeft)];
        var end = half.IndexOf((byte)'\n');
        _dropLeft = end < 0 ? _dropLeft - half.Length : 0;
        return piece[(end < 0 ? half.Length : end + 1)..];
    }

    private void Lines(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
        {
            return;
        }

        if (!_key.IsInKey && redactor.IsClean(Encoding.Latin1.GetString(lines)))
        {
            push(lines);
            return;
        }

        while (!lines.IsEmpty)
        {
            var end = lines.IndexOf((byte)'\n');
            Pass(lines[..end], "\n");
            lines = lines[(end + 1)..];
        }
    }

    private void EndLine()
    {
        _skipping = Skipping.None;
        _isCut = false;
        Pass(_begun.AsSpan(0, _length), "\n");
        _length = 0;
    }

    /// <summary>One line, or the last part of one.</summary>
    private void Pass(ReadOnlySpan<byte> line, string end)
    {
        // One character a byte: what is looked for is ASCII, or was made so too.
        var text = Encoding.Latin1.GetString(line);
        var result = new StringBuilder(text.Length + 1);
        Redactor.Write(text, redactor.Find(text, ref _key), result);
        push(Encoding.Latin1.GetBytes(result.Append(end).ToString()));
    }

    private void Keep(ReadOnlySpan<byte> piece)
    {
        while (!piece.IsEmpty)
        {
            piece = Skip(piece);
            var taken = Math.Min(piece.Length, LongestLine - _length);
            if (_length + taken > _begun.Length)
            {
                Array.Resize(ref _begun, Math.Min(LongestLine, Math.Max(256, (_length + taken) * 2)));
            }

            piece[..taken].CopyTo(_begun.AsSpan(_length));
            _length += taken;
            piece = piece[taken..];
            if (_length == LongestLine)
            {
                Cut();
            }
        }
    }

    private ReadOnlySpan<byte> Skip(ReadOnlySpan<byte> piece)
    {
        if (_skipping == Skipping.None)
        {
            return piece;
        }

        var end = _skipping == Skipping.ToBlank ? piece.IndexOfAny(" \t"u8) : -1;
        if (end < 0)
        {
            return [];
        }

        _skipping = Skipping.None;
        return piece[end..];
    }

    /// <summary>Passes on the first part of a line that is too long, and keeps the rest.</summary>
    private void Cut()
    {
        var text = Encoding.Latin1.GetString(_begun.AsSpan(0, _length));
        var state = _key;
        var found = redactor.Find(text, ref state);
        var cut = _length - Overlap;
        var at = found.FindIndex(f => f.To > cut);
        if (at >= 0 && found[at] is var over && over.Context < cut)
        {
            // One that goes to the end of what is there may go on; else the cut is behind it.
            cut = over.To;
            _skipping = over.To < _length ? Skipping.None : over.ToLineEnd ? Skipping.ToLineEnd : Skipping.ToBlank;
            found = found[..(at + 1)];
        }
        else
        {
            found = at < 0 ? found : found[..at];
        }

        if (found.Exists(static f => f.OpensKey) || (_key.IsInKey && !state.IsInKey))
        {
            _key = state;
        }

        var result = new StringBuilder(cut);
        Redactor.Write(text.AsSpan(0, cut), found, result);
        push(Encoding.Latin1.GetBytes(result.ToString()));
        _begun.AsSpan(cut, _length - cut).CopyTo(_begun);
        _length -= cut;
        _isCut = true;
    }
}
