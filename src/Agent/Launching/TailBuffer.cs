using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>The last bytes of a stream, at most so many, in memory of at most twice as many.</summary>
internal sealed class TailBuffer(int capacity)
{
    private byte[] _bytes = [];
    private int _length;
    private bool _dropped;

    /// <summary>Takes the next piece.</summary>
    public void Push(ReadOnlySpan<byte> piece)
    {
        if (piece.Length > capacity)
        {
            piece = piece[^capacity..];
            _dropped = true;
            _length = 0;
        }

        if (_length + piece.Length > capacity * 2)
        {
            // Moved only when as much again has come: each byte is copied at most twice.
            var kept = capacity - piece.Length;
            _bytes.AsSpan(_length - kept, kept).CopyTo(_bytes);
            _length = kept;
            _dropped = true;
        }

        if (_length + piece.Length > _bytes.Length)
        {
            Array.Resize(ref _bytes, Math.Min(capacity * 2, Math.Max(256, (_length + piece.Length) * 2)));
        }

        piece.CopyTo(_bytes.AsSpan(_length));
        _length += piece.Length;
    }

    /// <summary>The tail; valid until the next push.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes.AsSpan(Math.Max(0, _length - capacity), Math.Min(_length, capacity));

    /// <summary>The tail as text; what is no UTF-8 becomes U+FFFD, half a character at its beginning is left out.</summary>
    public override string ToString()
    {
        var tail = _bytes.AsSpan(0, _length);
        var dropped = _dropped;
        if (tail.Length > capacity)
        {
            tail = tail[^capacity..];
            dropped = true;
        }

        while (dropped && tail.Length > 0 && (tail[0] & 0xC0) == 0x80)
        {
            tail = tail[1..];
        }

        return Encoding.UTF8.GetString(tail);
    }
}
