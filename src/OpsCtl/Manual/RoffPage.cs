using System.Text;

namespace OpsAgent.OpsCtl.Manual;

/// <summary>Writes a page with the macros of man(7).</summary>
internal sealed class RoffPage
{
    private const int Width = 78;
    private readonly StringBuilder _text = new();

    /// <summary>No word is broken and no space stretched: many are names.</summary>
    public RoffPage(string name, DateOnly date, string version) =>
        _text.Append($".TH {Roff.Escape(name.ToUpperInvariant())} 1 {date:yyyy-MM-dd} \"{Roff.Escape(version)}\" \"Operator commands\"\n")
            .Append(".nh\n.ad l\n");

    public void Section(string title) => _text.Append($".SH {Roff.Escape(title)}\n");

    public void Subsection(string title) => _text.Append($".SS {Roff.Escape(title)}\n");

    public void NewParagraph() => _text.Append(".PP\n");

    public void Text(string text) => Wrapped(Roff.Escape(text));

    /// <summary>Text that is escaped already.</summary>
    public void Wrapped(string roff)
    {
        var length = 0;
        foreach (var word in roff.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            if (length > 0)
            {
                var breaks = length + word.Length > Width;
                _text.Append(breaks ? '\n' : ' ');
                length = breaks ? 0 : length + 1;
            }

            var shown = length == 0 && word.StartsWith('.') ? $@"\&{word}" : word;
            _text.Append(shown);
            length += shown.Length;
        }

        _text.Append('\n');
    }

    /// <summary>A term, escaped already, with what it means below.</summary>
    public void Entry(string roff, string meaning)
    {
        _text.Append($".TP\n{roff}\n");
        Text(meaning.Length > 0 ? meaning : "-");
    }

    /// <summary>Lines as they are typed, each apart.</summary>
    public void Examples(IEnumerable<string> lines) =>
        _text.AppendJoin(".PP\n", lines.Select(static l => $".RS 4\n.EX\n{Roff.Line(l)}\n.EE\n.RE\n"));

    public override string ToString() => _text.ToString();
}
