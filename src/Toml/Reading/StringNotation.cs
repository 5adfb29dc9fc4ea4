using System.Text;

namespace OpsAgent.Toml.Reading;

/// <summary>Reads a string in any of the four notations; the cursor is at its first quote.</summary>
internal static class StringNotation
{
    public static string Read(TextCursor cursor)
    {
        var quote = cursor.Current;
        return cursor.Peek(1) == quote && cursor.Peek(2) == quote ? ReadLines(cursor, quote) : ReadLine(cursor, quote);
    }

    private static string ReadLine(TextCursor cursor, char quote)
    {
        var opened = cursor.Position;
        var text = new StringBuilder();
        cursor.Advance();
        while (!cursor.TryTake(quote))
        {
            if (cursor.AtEnd || cursor.Current == '\n')
            {
                throw cursor.Error(opened, $"this string is not closed: expected a {Name(quote)} before {Wording.Found(cursor)}");
            }

            ReadPiece(cursor, quote, text);
        }

        return text.ToString();
    }

    private static string ReadLines(TextCursor cursor, char quote)
    {
        var opened = cursor.Position;
        var text = new StringBuilder();
        cursor.Advance(3);
        cursor.TryTake('\n');
        while (true)
        {
            // Three quotes close; the one or two more that may stand before them belong to the text.
            var quotes = 0;
            while (quotes < 5 && cursor.Peek(quotes) == quote)
            {
                quotes++;
            }

            cursor.Advance(quotes);
            if (quotes >= 3)
            {
                return text.Append(quote, quotes - 3).ToString();
            }

            text.Append(quote, quotes);
            if (cursor.AtEnd)
            {
                throw cursor.Error(opened, "this multi-line string is not closed: "
                    + $"expected three {Name(quote)}s before the end of the file");
            }

            if (cursor.TryTake('\n'))
            {
                text.Append('\n');
            }
            else if (quote != '"' || !TrySkipLineEnd(cursor))
            {
                ReadPiece(cursor, quote, text);
            }
        }
    }

    /// <summary>Reads an escape, or whatever stands before the next quote, escape or line end (which may be nothing).</summary>
    private static void ReadPiece(TextCursor cursor, char quote, StringBuilder text)
    {
        if (quote == '"' && cursor.Current == '\\')
        {
            Escape.Read(cursor, text);
            return;
        }

        var length = cursor.CountWhile(quote == '"'
            ? static c => c is not ('"' or '\\' or '\n')
            : static c => c is not ('\'' or '\n'));
        text.Append(cursor.Ahead(length));
        cursor.Advance(length);
    }

    /// <summary>A backslash at a line's end takes the line end away, and all white space up to the next character.</summary>
    private static bool TrySkipLineEnd(TextCursor cursor)
    {
        if (cursor.Current != '\\')
        {
            return false;
        }

        var ahead = 1;
        while (cursor.Peek(ahead) is ' ' or '\t')
        {
            ahead++;
        }

        if (cursor.Peek(ahead) != '\n')
        {
            return false;
        }

        cursor.Advance(ahead);
        cursor.Advance(cursor.CountWhile(static c => c is ' ' or '\t' or '\n'));
        return true;
    }

    private static string Name(char quote) => quote == '"' ? "double quote" : "single quote";
}
