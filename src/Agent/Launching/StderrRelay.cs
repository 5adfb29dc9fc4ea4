using System.Text;
using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Relays a doer's stderr to the log, line by line up to a limit, and remembers the two lines that a reason can be made of. Its
/// memory does not grow with what the doer prints.
/// </summary>
internal sealed partial class StderrRelay : ILineSink
{
    /// <summary>The event of a relayed line, by which the monitor's log stream knows it.</summary>
    public const int LineEvent = 4010;

    private readonly ILogger _logger;
    private readonly string _doer;
    private readonly int _maxLines;
    private readonly LineCutter _cutter;
    private readonly ReasonLines _reasonLines = new();
    private long _bytesLeft;
    private long _lines;
    private int _logged;
    private long _unloggedLines;
    private long _unloggedBytes;

    public StderrRelay(ILogger logger, string doer, LaunchingOptions options)
    {
        _logger = logger;
        _doer = doer;
        _maxLines = options.MaxLoggedLines;
        _bytesLeft = options.MaxLoggedBytes;
        _cutter = new LineCutter(this, options.MaxLineBytes);
    }

    /// <summary>The line that says best why it failed; empty if it printed none.</summary>
    public string BestLine => _reasonLines.Best;

    /// <summary>The line, if it printed one and no other; else empty.</summary>
    public string OnlyLine => _lines == 1 ? _reasonLines.Best : "";

    /// <summary>Takes the next piece of the stream.</summary>
    public void Push(ReadOnlySpan<byte> piece) => _cutter.Push(piece);

    /// <summary>Ends the stream: relays a last line without an end, and says how much was not relayed.</summary>
    public void Complete()
    {
        _cutter.Flush();
        if (_unloggedLines > 0)
        {
            LogSuppressed(_doer, _unloggedLines, _unloggedBytes);
            _unloggedLines = 0;
        }
    }

    /// <inheritdoc/>
    public void Take(ReadOnlySpan<byte> line, bool isCut)
    {
        var stripped = Ascii.Trim(line);
        var text = line[stripped];
        if (text.IsEmpty)
        {
            return;
        }

        _lines++;
        _reasonLines.Take(text);
        if (_logged >= _maxLines || text.Length > _bytesLeft)
        {
            // One line too many ends it: what follows would be out of context.
            _bytesLeft = 0;
            _unloggedLines++;
            _unloggedBytes += text.Length;
            return;
        }

        _logged++;
        _bytesLeft -= text.Length;
        if (_logger.IsEnabled(LogLevel.Information))
        {
            // Blanks at its beginning are kept: they are the shape of a traceback.
            LogLine(_doer, LogText.Clean(Encoding.UTF8.GetString(line[..stripped.End.Value])) + (isCut ? " [cut]" : ""));
        }
    }
}
