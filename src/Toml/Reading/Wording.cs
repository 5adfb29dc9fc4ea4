using System.Globalization;
using System.Text;

namespace OpsAgent.Toml.Reading;

/// <summary>How messages name what stands in a document, so that none of it can steer a terminal or reorder its text.</summary>
internal static class Wording
{
    private const int Longest = 60;

    /// <summary>What is at the cursor: "the end of the line", "'x'".</summary>
    public static string Found(TextCursor cursor) => cursor.Current switch
    {
        TextCursor.End => "the end of the file",
        '\n' => "the end of the line",
        '\t' => "a tab",
        ' ' => "a space",
        '\'' => "a single quote",
        '"' => "a double quote",
        _ => Found(cursor.CurrentRune),
    };

    /// <summary>A character of a value, by itself when it is plain and by number when it could be mistaken for another.</summary>
    public static string Found(Rune rune) =>
        rune.IsAscii ? $"'{rune}'" : IsPrintable(rune) ? $"'{rune}' (U+{rune.Value:X4})" : $"U+{rune.Value:X4}";

    /// <summary>A text in single quotes, shortened.</summary>
    public static string Quoted(ReadOnlySpan<char> text)
    {
        var quoted = new StringBuilder("'");
        var left = Longest;
        foreach (var rune in text.EnumerateRunes())
        {
            if (left-- == 0)
            {
                quoted.Append("...");
                break;
            }

            quoted.Append(IsPrintable(rune) ? rune.ToString() : $"\\u{rune.Value:X4}");
        }

        return quoted.Append('\'').ToString();
    }

    /// <summary>A key as it would be written, in single quotes.</summary>
    public static string Path(IEnumerable<KeyPart> parts) =>
        Quoted(string.Join('.', parts.Select(static p => IsBare(p.Name) ? p.Name : $"\"{p.Name}\"")));

    private static bool IsBare(string name) => name.Length > 0 && name.All(KeyReader.IsBare);

    private static bool IsPrintable(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.OtherNotAssigned or UnicodeCategory.PrivateUse
        or UnicodeCategory.Surrogate or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator)
        && (rune.IsAscii || Rune.GetUnicodeCategory(rune) != UnicodeCategory.SpaceSeparator);
}
