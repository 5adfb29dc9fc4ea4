using System.Text;

namespace OpsAgent.Toml.Reading;

/// <summary>Reads an escape of a string in double quotes; the cursor is at its backslash.</summary>
internal static class Escape
{
    public static void Read(TextCursor cursor, StringBuilder text)
    {
        var backslash = cursor.Position;
        cursor.Advance();
        char? plain = cursor.Current switch
        {
            'b' => '\b',
            't' => '\t',
            'n' => '\n',
            'f' => '\f',
            'r' => '\r',
            '"' => '"',
            '\\' => '\\',
            _ => null,
        };
        if (plain is { } unit)
        {
            cursor.Advance();
            text.Append(unit);
        }
        else if (cursor.Current is 'u' or 'U')
        {
            text.Append(ReadNumbered(cursor, backslash).ToString());
        }
        else
        {
            throw cursor.Error(backslash, $"a backslash before {Wording.Found(cursor)} is no escape: expected one of "
                + "\\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX "
                + "(a backslash itself is \\\\, or any in a string in single quotes)");
        }
    }

    private static Rune ReadNumbered(TextCursor cursor, TomlPosition backslash)
    {
        var letter = cursor.Current;
        var digits = letter == 'u' ? 4 : 8;
        cursor.Advance();
        var number = 0u;
        for (var i = 0; i < digits; i++)
        {
            if (!char.IsAsciiHexDigit(cursor.Current))
            {
                throw cursor.Error($"expected {digits} hexadecimal digits after \\{letter}, found {Wording.Found(cursor)}");
            }

            number = (number << 4) + (uint)NumberNotation.DigitOf(cursor.Current);
            cursor.Advance();
        }

        return Rune.TryCreate(number, out var rune)
            ? rune
            : throw cursor.Error(backslash, $"U+{number:X4} is no character: expected 0000 to D7FF or E000 to 10FFFF");
    }
}
