using System.Text;
using OpsAgent.OpsCtl.Terminal;

namespace OpsAgent.OpsCtl.Output;

/// <summary>
/// The terminal's other screen, which leaves the first and what scrolled by on it alone. It is drawn whole each time, from its corner:
/// nothing needs to be known of what a change of size has made of the last picture.
/// </summary>
internal sealed class LivePicture : IDisposable
{
    private const string Enter = "\u001b[?1049h\u001b[?25l";
    private const string Leave = "\u001b[?25h\u001b[?1049l";
    private const string Corner = "\u001b[H";
    private const string RestOfLine = "\u001b[K";
    private const string Below = "\u001b[J";

    private readonly Surroundings _surroundings;
    private readonly Lock _gate = new();
    private bool _suspended;

    public LivePicture(Surroundings surroundings)
    {
        _surroundings = surroundings;
        Write(Enter);
    }

    /// <summary>Draws what fits, and a last line.</summary>
    public void Draw(string frame, string foot)
    {
        var size = _surroundings.Size();
        var lines = frame.TrimEnd('\n').Split('\n');
        var picture = new StringBuilder(Corner);
        var room = size.Rows - 2;
        foreach (var line in Cut(lines, size.Columns, room))
        {
            picture.Append(line).Append(RestOfLine).Append('\n');
        }

        picture.Append(Below).Append('\n').Append(foot.AsSpan(0, Math.Min(foot.Length, size.Columns - 1)));
        lock (_gate)
        {
            if (!_suspended)
            {
                Write(picture.ToString());
            }
        }
    }

    /// <summary>Gives the terminal back for as long as the shell has it.</summary>
    public void Follow(TerminalChange change)
    {
        lock (_gate)
        {
            if (change == TerminalChange.Suspending && !_suspended)
            {
                _suspended = true;
                Write(Leave);
            }
            else if (change == TerminalChange.Resumed && _suspended)
            {
                _suspended = false;
                Write(Enter);
            }
        }
    }

    public void Dispose() => Write(Leave);

    /// <summary>Lines that are longer than the terminal take several of its rows.</summary>
    private static IEnumerable<string> Cut(string[] lines, int columns, int room)
    {
        var used = 0;
        for (var i = 0; i < lines.Length; i++)
        {
            var rows = Math.Max(1, (PaintedText.Width(lines[i]) + columns - 1) / columns);
            var rest = lines.Length - i;
            if (used + rows > room - (rest > 1 ? 1 : 0))
            {
                yield return $"... and {rest} more {(rest == 1 ? "line" : "lines")}";
                yield break;
            }

            used += rows;
            yield return lines[i];
        }
    }

    private void Write(string text)
    {
        _surroundings.Out.Write(text);
        _surroundings.Out.Flush();
    }
}
