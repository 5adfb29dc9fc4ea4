using System.Buffers;
using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Completion;

/// <summary>
/// Keeps a shell from what came from outside. A shell puts a completed word onto its command line, bash without quoting it, so that
/// a word of any other letters is left out; no id, type or field that the agent takes needs them.
/// </summary>
internal static class SafeWord
{
    private const int LongestDescription = 120;

    private static readonly SearchValues<char> Letters =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._:-");

    /// <summary>True if no shell sees more than letters in it, and no program an option.</summary>
    public static bool Is(string text) =>
        text.Length > 0 && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_') && !text.AsSpan().ContainsAnyExcept(Letters);

    /// <summary>One line that a terminal shows as it is; a shell shows it and never reads it.</summary>
    public static string Describe(string? text)
    {
        var line = SafeText.OneLine(text);
        return line.Length <= LongestDescription
            ? line
            : $"{line.AsSpan(0, char.IsHighSurrogate(line[LongestDescription - 1]) ? LongestDescription - 1 : LongestDescription)}...";
    }
}
