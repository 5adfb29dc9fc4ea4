using System.Globalization;
using System.Text;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Text of a manifest as a message may hold it: none of it steers a terminal or reorders a line.</summary>
internal static class PlainWords
{
    public static string Of(string text)
    {
        if (text.EnumerateRunes().All(IsPlain))
        {
            return text;
        }

        var plain = new StringBuilder(text.Length + 16);
        foreach (var rune in text.EnumerateRunes())
        {
            plain.Append(IsPlain(rune) ? rune.ToString() : $"\\u{rune.Value:X4}");
        }

        return plain.ToString();
    }

    private static bool IsPlain(Rune rune) => rune.IsAscii ? !Rune.IsControl(rune) : Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
