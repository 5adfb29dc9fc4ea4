using System.Buffers;
using System.Text;
using System.Text.Json;
using Spectre.Console;

namespace OpsAgent.OpsCtl.Output;

/// <summary>Where a command's results go.</summary>
internal sealed class Screen(Surroundings surroundings, OutputFormat format)
{
    private readonly bool _colors = surroundings.OutIsTerminal && surroundings.Variable("NO_COLOR") is null;

    public bool Json => format == OutputFormat.Json;

    /// <summary>One line for people; made harmless here.</summary>
    public void Line(string text) => surroundings.Out.WriteLine(SafeText.OneLine(text));

    /// <summary>One line beside the result, to stderr, so that a pipe carries results only.</summary>
    public void Note(string text) => surroundings.Error.WriteLine(SafeText.OneLine(text));

    /// <summary>One line, green or red on a terminal.</summary>
    public void Verdict(bool good, string text) =>
        surroundings.Out.WriteLine(_colors ? $"\u001b[{(good ? 32 : 31)}m{SafeText.OneLine(text)}\u001b[0m" : SafeText.OneLine(text));

    /// <summary>One JSON document on a line of its own, ASCII only.</summary>
    public void Document(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            write(writer);
        }

        surroundings.Out.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
        surroundings.Out.Flush();
    }

    /// <summary>Rows: a table on a terminal, tab-separated lines without a head in a pipe.</summary>
    public void Table(IReadOnlyList<string> head, IReadOnlyList<IReadOnlyList<string>> rows)
    {
        if (!surroundings.OutIsTerminal)
        {
            foreach (var row in rows)
            {
                surroundings.Out.WriteLine(string.Join('\t', row.Select(SafeText.OneLine)));
            }

            return;
        }

        var table = new Table { Border = TableBorder.None };
        foreach (var title in head)
        {
            table.AddColumn(new TableColumn(new Text(title, _colors ? new Style(decoration: Decoration.Bold) : null)).NoWrap());
        }

        foreach (var row in rows)
        {
            table.AddRow(row.Select(cell => new Text(SafeText.OneLine(cell))));
        }

        Terminal().Write(table);
    }

    /// <summary>Names with values, one a line.</summary>
    public void Facts(IReadOnlyList<(string Name, string Value)> facts)
    {
        var width = surroundings.OutIsTerminal ? facts.Max(f => f.Name.Length) + 2 : 0;
        foreach (var (name, value) in facts)
        {
            surroundings.Out.WriteLine((width > 0 ? name.PadRight(width) : name + "\t") + SafeText.OneLine(value));
        }
    }

    private IAnsiConsole Terminal() => AnsiConsole.Create(new AnsiConsoleSettings
    {
        Ansi = _colors ? AnsiSupport.Yes : AnsiSupport.No,
        ColorSystem = _colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
        Interactive = InteractionSupport.No,
        Out = new AnsiConsoleOutput(surroundings.Out),
    });
}
