using System.Globalization;
using System.Text;

namespace OpsAgent.OpsCtl.Output;

/// <summary>Text from outside as one harmless line: a message can't move the cursor, recolor or reorder what a terminal shows.</summary>
internal static class SafeText
{
    /// <summary>Control, format and separator characters and lone surrogates become <c>\uXXXX</c>.</summary>
    public static string OneLine(string? text)
    {
        if (string.IsNullOrEmpty(text) || !text.Any(IsUnsafe))
        {
            return text ?? "";
        }

        var safe = new StringBuilder(text.Length + 16);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                if (IsUnsafe(CharUnicodeInfo.GetUnicodeCategory(text, i)))
                {
                    safe.Append($"\\u{(int)text[i]:x4}\\u{(int)text[i + 1]:x4}");
                }
                else
                {
                    safe.Append(text, i, 2);
                }

                i++;
            }
            else if (IsUnsafe(text[i]))
            {
                safe.Append($"\\u{(int)text[i]:x4}");
            }
            else
            {
                safe.Append(text[i]);
            }
        }

        return safe.ToString();
    }

    private static bool IsUnsafe(char c) => IsUnsafe(char.GetUnicodeCategory(c));

    private static bool IsUnsafe(UnicodeCategory category) => category is UnicodeCategory.Control or UnicodeCategory.Format
        or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate;
}
