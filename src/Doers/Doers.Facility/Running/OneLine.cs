using System.Globalization;
using System.Text;

namespace OpsAgent.Doers.Facility;

/// <summary>Makes foreign text fit for a log: one line, bounded, without credentials or URLs' secrets, with nothing in it that steers a terminal.</summary>
public static class OneLine
{
    /// <summary>
    /// <paramref name="text"/> with runs of white space as one blank and control, format (bidi) and unpaired characters as
    /// <c>?</c>, each URL cut from its query on, and all of it cut at <paramref name="limit"/> characters.
    /// </summary>
    public static string Of(string? text, int limit = 300)
    {
        var line = new StringBuilder(Math.Min(limit, text?.Length ?? 0) + 2);
        foreach (var rune in SecretText.In(ShownUrl.In(text ?? "")).EnumerateRunes())
        {
            if (line.Length >= limit)
            {
                return line.Append('…').ToString();
            }

            if (Rune.IsWhiteSpace(rune))
            {
                if (line.Length > 0 && line[^1] != ' ')
                {
                    line.Append(' ');
                }
            }
            else
            {
                line.Append(IsPlain(rune) ? rune.ToString() : "?");
            }
        }

        return line.ToString().TrimEnd(' ');
    }

    private static bool IsPlain(Rune rune) => Rune.GetUnicodeCategory(rune) is not
        (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned
        or UnicodeCategory.PrivateUse);
}
