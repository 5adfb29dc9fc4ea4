namespace OpsAgent.Toml.Reading;

/// <summary>Reads a value of any type.</summary>
internal sealed class ValueReader(TextCursor cursor, EntryReader entries)
{
    /// <param name="depth">How many tables and arrays the value lies in.</param>
    public TomlNode Read(int depth)
    {
        if (depth > TomlDocument.MaxDepth)
        {
            throw cursor.Error(Conflict.TooDeep);
        }

        var position = cursor.Position;
        return cursor.Current switch
        {
            '"' or '\'' => new TomlString(StringNotation.Read(cursor), position),
            '[' => ReadArray(depth),
            '{' => ReadInlineTable(depth),
            _ => ScalarNotation.Read(cursor),
        };
    }

    /// <summary>What often is the matter when something follows a value that shouldn't.</summary>
    public string Hint(TomlNode before) =>
        before is TomlString && before.Position.Line == cursor.Position.Line && !cursor.AtEnd && cursor.Current != '\n'
            ? " (is a quote missing in what stands before it?)"
            : "";

    private TomlArray ReadArray(int depth)
    {
        var array = new TomlArray(cursor.Position, isOfTables: false);
        cursor.Advance();
        while (true)
        {
            cursor.SkipBlanksLinesAndComments();
            if (cursor.TryTake(']'))
            {
                return array;
            }

            RequireMore(array, "]");
            array.Add(Read(depth + 1));
            cursor.SkipBlanksLinesAndComments();
            if (cursor.TryTake(']'))
            {
                return array;
            }

            RequireMore(array, "]");
            if (!cursor.TryTake(','))
            {
                throw cursor.Error($"expected ',' or ']' in the array of line {array.Position.Line}, "
                    + $"found {Wording.Found(cursor)}{Hint(array[^1])}");
            }
        }
    }

    private TomlTable ReadInlineTable(int depth)
    {
        var table = new TomlTable(cursor.Position, TableOrigin.Inline);
        cursor.Advance();
        cursor.SkipBlanks();
        if (cursor.TryTake('}'))
        {
            return table;
        }

        while (true)
        {
            RequireMore(table, "}");
            var value = entries.Read(table, depth);
            cursor.SkipBlanks();
            if (cursor.TryTake('}'))
            {
                return table;
            }

            RequireMore(table, "}");
            if (!cursor.TryTake(','))
            {
                throw cursor.Error($"expected ',' or '}}' in the inline table, found {Wording.Found(cursor)}{Hint(value)}");
            }

            cursor.SkipBlanks();
            if (cursor.Current == '}')
            {
                throw cursor.Error("an inline table has no comma after its last value: expected a key, found '}'");
            }
        }
    }

    private void RequireMore(TomlNode open, string close)
    {
        if (cursor.AtEnd)
        {
            var what = open is TomlArray ? "array" : "inline table";
            throw cursor.Error(open.Position, $"this {what} is not closed: expected '{close}' before the end of the file");
        }

        if (open is TomlTable && cursor.Current == '\n')
        {
            throw cursor.Error("an inline table stays on one line: expected '}', found the end of the line");
        }
    }
}
