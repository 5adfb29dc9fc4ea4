using System.Buffers;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// Within a private key that goes over several lines: what looks like base64 is taken out, what others print between its lines is left.
/// A key without its end is over after as many lines as the longest has.
/// </summary>
internal struct KeyState
{
    private const string KeyEnd = "-----END ";

    // 16,384 bits of RSA are 200 lines of 64 characters.
    private const int MostLines = 256;
    private const int ShortestRun = 24;
    private const int LongestLine = 76;

    private static readonly SearchValues<char> Base64 =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=");

    private int _linesLeft;
    private bool _isGuess;
    private bool _isBehindKeyLine;

    /// <summary>True if a line may be a part of a key.</summary>
    public readonly bool IsInKey => _linesLeft > 0;

    /// <summary>A key has begun, and its end was not in the same line.</summary>
    public void Open() => (_linesLeft, _isGuess) = (MostLines, false);

    /// <summary>A key may have begun in what was not seen: what looks like a whole line of one is taken out, and what is short only below it.</summary>
    public void Suspect() => (_linesLeft, _isGuess, _isBehindKeyLine) = (MostLines, true, false);

    /// <summary>Adds what of a line is a key's; where to look on for other things.</summary>
    public int Find(ReadOnlySpan<char> line, List<Finding> found)
    {
        if (!IsInKey)
        {
            return 0;
        }

        _linesLeft--;
        var end = line.IndexOf(KeyEnd, StringComparison.OrdinalIgnoreCase);
        if (end >= 0)
        {
            _linesLeft = 0;
            var close = line[(end + KeyEnd.Length)..].IndexOf("-----", StringComparison.Ordinal);
            var to = close < 0 ? line.Length : end + KeyEnd.Length + close + 5;
            found.Add(new Finding(0, 0, to));
            return to;
        }

        var trimmed = line.Trim();
        var isBare = trimmed.Length > 0 && trimmed.IndexOfAnyExcept(Base64) < 0;
        if (_isGuess)
        {
            var isWhole = isBare && trimmed.Length is >= ShortestRun and <= LongestLine;
            isBare = isWhole || (isBare && trimmed.Length < ShortestRun && _isBehindKeyLine);
            _isBehindKeyLine = isWhole;
        }

        if (isBare)
        {
            found.Add(new Finding(0, 0, line.Length, ToLineEnd: true));
            return line.Length;
        }

        for (var at = 0; at < line.Length && !_isGuess;)
        {
            var length = line[at..].IndexOfAnyExcept(Base64);
            length = length < 0 ? line.Length - at : length;
            if (length >= ShortestRun)
            {
                found.Add(new Finding(at, at, at + length));
            }

            at += length + 1;
        }

        return 0;
    }
}
