using System.Globalization;
using System.Text;

namespace OpsAgent.OpsCtl.Manual;

/// <summary>Text as roff shows it unchanged: no line is taken for a request, no letter for an escape or another letter.</summary>
internal static class Roff
{
    /// <summary>Text within a line.</summary>
    public static string Escape(string text)
    {
        var safe = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            safe.Append(rune.Value switch
            {
                '\\' => @"\e",
                '-' => @"\-", // else a hyphen, which no shell takes
                '\'' => @"\(aq",
                '"' => @"\(dq",
                '`' => @"\(ga",
                '^' => @"\(ha",
                '~' => @"\(ti",
                '\t' or '\r' or '\n' => " ",
                _ when Rune.IsControl(rune) => "",
                > 126 => $@"\[u{rune.Value.ToString("X4", CultureInfo.InvariantCulture)}]",
                _ => rune.ToString(),
            });
        }

        return safe.ToString();
    }

    /// <summary>Text that starts a line: a dot there would be a request.</summary>
    public static string Line(string text)
    {
        var escaped = Escape(text);
        return escaped.StartsWith('.') ? $@"\&{escaped}" : escaped;
    }

    public static string Bold(string text) => $@"\fB{Escape(text)}\fR";

    public static string Italic(string text) => $@"\fI{Escape(text)}\fR";
}
