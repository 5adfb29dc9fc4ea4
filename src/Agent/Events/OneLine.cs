using System.Text;

namespace OpsAgent.Agent.Events;

/// <summary>Cuts text to one bounded line.</summary>
internal static class OneLine
{
    /// <summary>At most <paramref name="length"/> characters, control characters as spaces, no half of a surrogate pair.</summary>
    public static string Of(string? text, int length)
    {
        if (string.IsNullOrEmpty(text))
        {
            return "";
        }

        var line = new StringBuilder(Math.Min(text.Length, length));
        foreach (var rune in text.EnumerateRunes())
        {
            if (line.Length + rune.Utf16SequenceLength > length)
            {
                break;
            }

            line.Append(Rune.IsControl(rune) ? " " : rune.ToString());
        }

        return line.ToString().Trim();
    }
}
