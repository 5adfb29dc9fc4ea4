using System.Globalization;
using System.Text;

namespace OpsAgent.Stomp.Protocol;

/// <summary>Text of the peer's as it may stand in a log line or a reason.</summary>
internal static class Printable
{
    private const int Longest = 500;

    /// <summary>One line, not too long, with nothing in it that moves a cursor or turns the writing round.</summary>
    public static string Line(string text)
    {
        var line = new StringBuilder(Math.Min(text.Length, Longest) + 3);
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length >= Longest)
            {
                return line.Append("...").ToString();
            }

            line.Append(IsShown(rune) ? rune.ToString() : "?");
        }

        return line.ToString();
    }

    private static bool IsShown(Rune rune) => Rune.GetUnicodeCategory(rune) is not (
        UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator
        or UnicodeCategory.PrivateUse or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);
}
