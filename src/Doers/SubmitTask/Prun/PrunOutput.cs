using System.Text;
using System.Text.RegularExpressions;
using OpsAgent.Doers.Facility;

namespace OpsAgent.Doers.SubmitTask.Prun;

/// <summary>
/// Reads what prun prints as it grows, passes its lines on, and finds in them the JEDI task's id and the request for a login.
/// </summary>
internal sealed partial class PrunOutput(string path, DoerLog log)
{
    /// <summary>More than this is no submission's output.</summary>
    public const long Largest = 256L << 20;

    private const int LongestLine = 64 << 10;
    private const int MostLines = 2000;

    private readonly StringBuilder _line = new();
    private readonly Decoder _decoder = Encoding.UTF8.GetDecoder();
    private long _offset;
    private int _lines;
    private string? _id;
    private string? _idInError;
    private string _lastLine = "";
    private string? _lastError;

    /// <summary>The first <c>jediTaskID=N</c>; null if there is none yet.</summary>
    public string? JediTaskId => _id;

    /// <summary>The first one, also of a line that tells an error: it may be another task's.</summary>
    public string? AnyJediTaskId => _id ?? _idInError;

    /// <summary>True once the client has asked for a login: without a token it sends nothing.</summary>
    public bool AsksForLogin { get; private set; }

    /// <summary>True once the client has told how it is to be used: it refused its arguments.</summary>
    public bool TellsUsage { get; private set; }

    /// <summary>True if it is beyond <see cref="Largest"/>.</summary>
    public bool IsRunaway => _offset > Largest;

    /// <summary>The line that says most of a failure: the last with an error, else the last.</summary>
    public string Said => OneLine.Of(_lastError ?? _lastLine, 200);

    /// <summary>Reads what is new.</summary>
    public void Read()
    {
        if (!File.Exists(path))
        {
            return;
        }

        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0);
        file.Position = _offset;
        var bytes = new byte[32 << 10];
        var chars = new char[bytes.Length + 1];
        int count;
        while (!IsRunaway && (count = file.Read(bytes)) > 0)
        {
            _offset += count;
            Take(chars.AsSpan(0, _decoder.GetChars(bytes, 0, count, chars, 0)));
        }

        AsksForLogin |= Login().IsMatch(_line.ToString()); // a prompt ends without a newline
    }

    /// <summary>Reads what is new, and takes a last line without its newline for whole.</summary>
    public void ReadToEnd()
    {
        Read();
        EndLine();
    }

    private void Take(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (c is '\n' or '\r')
            {
                EndLine();
            }
            else
            {
                _line.Append(c);
                if (_line.Length > LongestLine && !char.IsAsciiLetterOrDigit(c) && c != '=')
                {
                    EndLine(); // not in the middle of an id
                }
                else if (_line.Length > 2 * LongestLine)
                {
                    EndLine();
                }
            }
        }
    }

    private void EndLine()
    {
        var line = _line.ToString();
        _line.Clear();
        if (string.IsNullOrWhiteSpace(line))
        {
            return;
        }

        _lastLine = line;
        var isError = line.Contains("ERROR", StringComparison.Ordinal) || line.Contains("failed", StringComparison.OrdinalIgnoreCase);
        _lastError = isError ? line : _lastError;
        AsksForLogin |= Login().IsMatch(line);
        TellsUsage |= line.StartsWith("usage:", StringComparison.OrdinalIgnoreCase);
        if (Id().Match(line) is { Success: true } match && long.TryParse(match.Groups[1].ValueSpan, out var id) && id > 0)
        {
            (_id, _idInError) = isError ? (_id, _idInError ?? $"{id}") : (_id ?? $"{id}", _idInError);
        }

        Relay(line);
    }

    private void Relay(string line)
    {
        _lines++;
        if (_lines <= MostLines)
        {
            log.Line("  prun: " + OneLine.Of(line, 1000));
        }
        else if (_lines == MostLines + 1)
        {
            log.Line($"  prun: (more is in {path})");
        }
    }

    [GeneratedRegex("jediTaskID=([0-9]{1,19})(?![0-9])", RegexOptions.CultureInvariant)]
    private static partial Regex Id();

    [GeneratedRegex(
        @"Please go to \S+ and sign in|Please go to https?://|Waiting until authentication is completed|Ready to get ID token|user_code=",
        RegexOptions.CultureInvariant | RegexOptions.NonBacktracking)]
    private static partial Regex Login();
}
