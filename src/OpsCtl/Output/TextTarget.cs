using System.Text;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace OpsAgent.OpsCtl.Output;

/// <summary>
/// Text of a width, for Spectre.Console to lay out. Its own output looks at the console, which makes the runtime send the terminal a
/// sequence of its own, and at the variables of build servers, which make it write colors that nobody asked for.
/// </summary>
internal sealed class TextTarget : IAnsiConsoleOutput
{
    private TextTarget(TextWriter writer, int width) => (Writer, Width) = (writer, width);

    public TextWriter Writer { get; }

    public bool IsTerminal => false;

    public int Width { get; }

    public int Height => int.MaxValue;

    /// <summary>The lines that are made of it, without the blanks that they are filled up with.</summary>
    public static IReadOnlyList<string> Lines(IRenderable content, int width, bool colors)
    {
        using var text = new StringWriter { NewLine = "\n" };
        var console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Ansi = colors ? AnsiSupport.Yes : AnsiSupport.No,
            ColorSystem = colors ? ColorSystemSupport.Standard : ColorSystemSupport.NoColors,
            Interactive = InteractionSupport.No,
            Enrichment = new ProfileEnrichment { UseDefaultEnrichers = false },
            Out = new TextTarget(text, width),
        });
        console.Write(content);
        return [.. text.ToString().TrimEnd('\n').Split('\n').Select(static l => l.TrimEnd(' '))];
    }

    public void SetEncoding(Encoding encoding)
    {
        // It stays text.
    }
}
