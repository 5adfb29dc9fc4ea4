using System.Buffers;
using System.Globalization;

namespace OpsAgent.Agent.Redaction;

/// <summary>
/// A text with one kind of escapes resolved, and where each of its characters was. Whoever wrote it chose what to escape and how:
/// <c>"</c> is <c>\"</c> to one and <c>\u0022</c> to another, <c>/</c> is <c>%2F</c>, <c>%2f</c> or itself.
/// </summary>
/// <param name="Text">The text.</param>
/// <param name="From">The place of each character in the first text, and the end of the last.</param>
internal readonly record struct DecodedText(char[] Text, int[] From)
{
    private static readonly SearchValues<char> Marks = SearchValues.Create("\\%");

    /// <summary>True if a text may hold escapes.</summary>
    public static bool IsEscaped(ReadOnlySpan<char> text) => text.ContainsAny(Marks);

    /// <summary>Without the escapes of JSON, and of Python's and C's strings; null if there are none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where its characters were, if not where they are.</param>
    public static DecodedText? OfStrings(ReadOnlySpan<char> text, int[]? from) => Of('\\', text, from);

    /// <summary>Without the escapes of URLs, a character for each byte; null if there are none.</summary>
    /// <param name="text">The text.</param>
    /// <param name="from">Where its characters were, if not where they are.</param>
    public static DecodedText? OfUrls(ReadOnlySpan<char> text, int[]? from) => Of('%', text, from);

    private static DecodedText? Of(char mark, ReadOnlySpan<char> text, int[]? from)
    {
        if (!text.Contains(mark))
        {
            return null;
        }

        var decoded = new char[text.Length];
        var places = new int[text.Length + 1];
        var (length, at) = (0, 0);
        while (at < text.Length)
        {
            places[length] = from is null ? at : from[at];
            var taken = text[at] != mark ? 0 : mark == '%' ? Byte(text[(at + 1)..], out decoded[length]) : Escape(text[(at + 1)..], out decoded[length]);
            if (taken == 0)
            {
                decoded[length] = text[at];
            }

            at += 1 + taken;
            length++;
        }

        if (length == text.Length)
        {
            return null;
        }

        places[length] = from is null ? at : from[at];
        return new DecodedText(decoded[..length], places[..(length + 1)]);
    }

    /// <summary>How many characters behind the mark belong to it; 0 if it is none.</summary>
    private static int Byte(ReadOnlySpan<char> text, out char decoded) => Hex(text, 2, out decoded);

    private static int Escape(ReadOnlySpan<char> text, out char decoded)
    {
        decoded = '\0';
        if (text.IsEmpty)
        {
            return 0;
        }

        switch (text[0])
        {
            case 'u':
                return Hex(text[1..], 4, out decoded) is > 0 and var four ? four + 1 : 0;
            case 'x':
                return Hex(text[1..], 2, out decoded) is > 0 and var two ? two + 1 : 0;
            case 'n' or 'r' or 't' or 'b' or 'f':
                decoded = ' ';
                return 1;
            case '"' or '\'' or '\\' or '/':
                decoded = text[0];
                return 1;
            default:
                return 0;
        }
    }

    private static int Hex(ReadOnlySpan<char> text, int digits, out char decoded)
    {
        decoded = '\0';
        if (text.Length < digits || !ushort.TryParse(text[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
        {
            return 0;
        }

        decoded = (char)value;
        return digits;
    }
}
