using System.Buffers;
using System.Globalization;
using System.Text;

namespace OpsAgent.Agent.Launching;

/// <summary>Text of others, made fit for one line of a log or a reason.</summary>
internal static class LogText
{
    /// <summary>The longest reason that the facility's tables take, in characters.</summary>
    public const int LongestReason = 300;

    private const string Ellipsis = "...";

    // Everything in printable ASCII goes through as it is; the rest is looked at one by one.
    private static readonly SearchValues<char> Plain =
        SearchValues.Create(Enumerable.Range(0x20, 0x5F).Select(static i => (char)i).ToArray());

    /// <summary>
    /// Replaces what could forge a line or turn its direction (control, format, bidirectional and separator characters) by
    /// <c>\u....</c> escapes, and half surrogates by U+FFFD. A tab becomes <c>\t</c>.
    /// </summary>
    public static string Clean(string text)
    {
        var first = text.AsSpan().IndexOfAnyExcept(Plain);
        if (first < 0)
        {
            return text;
        }

        var clean = new StringBuilder(text.Length + 16).Append(text, 0, first);
        foreach (var rune in text.AsSpan(first).EnumerateRunes())
        {
            Append(clean, rune);
        }

        return clean.ToString();
    }

    /// <summary>Cleans, and cuts to <see cref="LongestReason"/> characters with an ellipsis; blanks around it are dropped.</summary>
    public static string CleanReason(string text)
    {
        var clean = Clean(text.Trim());
        if (clean.Length <= LongestReason)
        {
            return clean;
        }

        var length = LongestReason - Ellipsis.Length;
        return string.Concat(clean.AsSpan(0, char.IsHighSurrogate(clean[length - 1]) ? length - 1 : length), Ellipsis);
    }

    private static void Append(StringBuilder clean, Rune rune)
    {
        if (rune.Value == '\t')
        {
            clean.Append(@"\t");
        }
        else if (Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        {
            clean.Append(rune.IsBmp ? $@"\u{rune.Value:X4}" : $@"\U{rune.Value:X8}");
        }
        else
        {
            clean.Append(rune.ToString());
        }
    }
}
