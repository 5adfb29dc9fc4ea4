namespace OpsAgent.Toml.Reading;

/// <summary>Reads a value that is not in quotes or brackets: decides by its text what it was meant to be.</summary>
internal static class ScalarNotation
{
    public static TomlNode Read(TextCursor cursor)
    {
        var text = cursor.Ahead(Length(cursor));
        if (text.IsEmpty)
        {
            throw cursor.Error($"expected a value, found {Wording.Found(cursor)}");
        }

        var scalar = new ScalarText(cursor, text);
        TomlNode node = text switch
        {
            "true" or "false" => new TomlBoolean(text is "true", cursor.Position),
            _ when LooksLikeDate(text) => DateTimeNotation.Read(scalar),
            _ when LooksLikeNumber(text) => NumberNotation.Read(scalar),
            _ => throw scalar.Error(Refusal(text)),
        };
        cursor.Advance(text.Length);
        return node;
    }

    private static int Length(TextCursor cursor)
    {
        var length = cursor.CountWhile(IsPart);

        // The one value with a space in it: a date and a time may be parted by one.
        return length == 10 && LooksLikeDate(cursor.Ahead(length))
            && cursor.Peek(length) == ' ' && char.IsAsciiDigit(cursor.Peek(length + 1))
            ? length + 1 + CountFrom(cursor, length + 1)
            : length;
    }

    private static int CountFrom(TextCursor cursor, int ahead)
    {
        var length = 0;
        while (cursor.Peek(ahead + length) is not TextCursor.End and var unit && IsPart(unit))
        {
            length++;
        }

        return length;
    }

    private static bool IsPart(char unit) => unit is not (' ' or '\t' or '\n' or ',' or ']' or '}' or '#' or '=');

    // Loosely, so that a date with a mistake is refused as a date: digits, then '-' or ':' before anything of a number.
    private static bool LooksLikeDate(ReadOnlySpan<char> text)
    {
        var digits = text.IndexOfAnyExceptInRange('0', '9');
        return digits > 0 && text[digits] is '-' or ':';
    }

    private static bool LooksLikeNumber(ReadOnlySpan<char> text) =>
        char.IsAsciiDigit(text[0]) || text is "inf" or "nan" or "+inf" or "+nan" or "-inf" or "-nan"
        || (text.Length > 1 && text[0] is '+' or '-' && char.IsAsciiDigit(text[1]));

    private static string Refusal(ReadOnlySpan<char> text)
    {
        var found = Wording.Quoted(text);
        var lower = text.ToString().ToLowerInvariant();
        return lower switch
        {
            "true" or "false" or "inf" or "nan" => $"expected '{lower}' in lower case, found {found}",
            "null" or "none" or "nil" => $"TOML has no {lower}: expected a value, or the key left out, found {found}",
            ['.' or '+' or '-', ..] =>
                $"a number begins with a digit, after its sign if it has one: expected that, found {found}",
            _ => $"expected a value, found {found} (a string needs quotes)",
        };
    }
}
