using System.Text.RegularExpressions;

namespace OpsAgent.Doers.Facility;

/// <summary>A doer's log: lines on stderr. A reader that has gone never stops the work.</summary>
public sealed partial class DoerLog(TextWriter writer)
{
    // 16,384 bits of RSA are 200 lines.
    private const int MostKeyLines = 256;

    private readonly Lock _gate = new();
    private int _keyLinesLeft;
    private bool _broken;

    /// <summary>Writes one line of ours; foreign parts of it must have gone through <see cref="OneLine"/>.</summary>
    public void Line(string text) => Write(text);

    /// <summary>Writes the one line that says why the doer fails.</summary>
    public void Error(string text) => Write("ERROR: " + OneLine.Of(text, 2000));

    /// <summary>Once more for the whole line: a key comes over many of them, and a part of ours may have missed <see cref="OneLine"/>.</summary>
    private string WithoutSecrets(string line)
    {
        if (_keyLinesLeft > 0)
        {
            var ends = line.Contains("-----END", StringComparison.OrdinalIgnoreCase);
            _keyLinesLeft = ends ? 0 : _keyLinesLeft - 1;
            return ends ? SecretText.Mark : KeyPart().Replace(line, SecretText.Mark);
        }

        _keyLinesLeft = SecretText.OpensKey(line) ? MostKeyLines : 0;
        return SecretText.In(line);
    }

    private void Write(string line)
    {
        lock (_gate)
        {
            if (_broken)
            {
                return;
            }

            try
            {
                writer.WriteLine(WithoutSecrets(line));
                writer.Flush();
            }
            catch (Exception e) when (e is IOException or ObjectDisposedException or UnauthorizedAccessException)
            {
                // The log's reader or disk is gone; the files and the exit code still tell how it went.
                _broken = true;
            }
        }
    }

    // The last line of a key is short, and stands alone.
    [GeneratedRegex(@"[A-Za-z0-9+/=]{24,}|(^|:)\s*[A-Za-z0-9+/=]{2,}\s*$", RegexOptions.NonBacktracking)]
    private static partial Regex KeyPart();
}
