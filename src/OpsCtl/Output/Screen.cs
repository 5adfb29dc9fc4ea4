using System.Text.Json;

namespace OpsAgent.OpsCtl.Output;

/// <summary>Where a command's results go. Any thread may write.</summary>
internal sealed class Screen(Surroundings surroundings, OutputFormat format)
{
    private readonly bool _colors = surroundings.OutHasColors;
    private readonly Lock _gate = new();
    private WaitLine? _waiting;
    private string? _noted;

    public bool Json => format == OutputFormat.Json;

    /// <summary>True if a terminal shows it; false for a pipe or a file.</summary>
    public bool IsTerminal => surroundings.OutIsTerminal;

    /// <summary>One line for people; made harmless here.</summary>
    public void Line(params IReadOnlyList<Piece> pieces) => Write(Paint.Line(pieces, _colors));

    /// <summary>One line beside the result, to stderr, so that a pipe carries results only. What was just told is not told again.</summary>
    public void Note(string text)
    {
        lock (_gate)
        {
            if (text == _noted)
            {
                return;
            }

            _noted = text;
            _waiting?.Hide();
            foreach (var line in Json ? [JsonText.Make("note", text)] : WordWrap.Lines(SafeText.OneLine(text), ErrorWidth))
            {
                surroundings.Error.WriteLine(line);
            }

            surroundings.Error.Flush();
        }
    }

    /// <summary>One JSON document on a line of its own, ASCII only.</summary>
    public void Document(Action<Utf8JsonWriter> write) => Write(JsonText.Make(write));

    /// <summary>Rows: a table on a terminal, tab-separated lines without a head in a pipe.</summary>
    public void Table(IReadOnlyList<Column> columns, IReadOnlyList<IReadOnlyList<Piece>> rows)
    {
        if (!surroundings.OutIsTerminal)
        {
            Write([.. rows.Select(static row => string.Join('\t', row.Select(static c => SafeText.OneLine(c.Text))))]);
        }
        else if (rows.Count > 0)
        {
            Write([.. TableLayout.Lines(columns, rows, surroundings.Size().Columns, _colors)]);
        }
    }

    /// <summary>Names with values, one a line.</summary>
    public void Facts(IReadOnlyList<(string Name, Piece Value)> facts) => Write(surroundings.OutIsTerminal
        ? [.. FactLayout.Lines(facts, surroundings.Size().Columns, _colors)]
        : [.. facts.Select(static f => $"{SafeText.OneLine(f.Name)}\t{SafeText.OneLine(f.Value.Text)}")]);

    /// <summary>
    /// Shows that something is waited for, on a terminal's stderr, until it is disposed; anything else that is written goes before it.
    /// </summary>
    public WaitLine Waiting()
    {
        var line = new WaitLine(surroundings, _gate);
        lock (_gate)
        {
            _waiting = line;
        }

        return line;
    }

    private int ErrorWidth => surroundings.ErrorIsTerminal ? surroundings.Size().Columns : int.MaxValue;

    private void Write(params ReadOnlySpan<string> lines)
    {
        lock (_gate)
        {
            _waiting?.Hide();
            foreach (var line in lines)
            {
                surroundings.Out.WriteLine(line);
            }

            surroundings.Out.Flush();
        }
    }
}
