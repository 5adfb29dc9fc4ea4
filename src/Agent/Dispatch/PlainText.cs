using System.Globalization;
using System.Text;

namespace OpsAgent.Agent.Dispatch;

/// <summary>Makes message-borne text fit to be shown: one line, no control, format or surrogate characters, bounded.</summary>
internal static class PlainText
{
    public static string OneLine(string text, int maxLength)
    {
        var result = new StringBuilder(Math.Min(text.Length, maxLength));
        foreach (var rune in text.EnumerateRunes())
        {
            if (result.Length + rune.Utf16SequenceLength > maxLength)
            {
                break;
            }

            var shown = Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format
                or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned);
            result.Append(shown ? rune.ToString() : "?");
        }

        return result.ToString();
    }
}
