using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Of a doer's stderr the nearest line to its end that looks like an error, else its last line: what the facility's agent has
/// always given as the reason. Found while the lines pass, so that they need not be kept.
/// </summary>
internal sealed class ReasonLines
{
    // Enough for a reason's characters at four bytes each.
    private const int KeptBytes = LogText.LongestReason * 4;

    private readonly Line _last = new();
    private readonly Line _error = new();

    /// <summary>The line, without blanks around it; empty if there was none.</summary>
    public string Best => _error.IsSet ? _error.ToString() : _last.ToString();

    /// <summary>Takes the next line.</summary>
    public void Take(ReadOnlySpan<byte> line)
    {
        line = line[Ascii.Trim(line)];
        if (line.IsEmpty)
        {
            return;
        }

        _last.Set(line);
        if (LooksLikeError(line))
        {
            _error.Set(line);
        }
    }

    private static bool LooksLikeError(ReadOnlySpan<byte> line) =>
        line.IndexOf("ERROR"u8) >= 0
        || line.IndexOf("CRITICAL"u8) >= 0
        || line.IndexOf("FATAL"u8) >= 0
        || line.IndexOf("Error:"u8) >= 0
        || line.IndexOf("Exception"u8) >= 0;

    private sealed class Line
    {
        private byte[] _bytes = [];
        private int _length;

        public bool IsSet => _length > 0;

        public void Set(ReadOnlySpan<byte> line)
        {
            _length = Math.Min(line.Length, KeptBytes);
            if (_bytes.Length < _length)
            {
                _bytes = new byte[Math.Min(KeptBytes, _length * 2)];
            }

            line[.._length].CopyTo(_bytes);
        }

        public override string ToString() => Encoding.UTF8.GetString(_bytes, 0, _length);
    }
}
