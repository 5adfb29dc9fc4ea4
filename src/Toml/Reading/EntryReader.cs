namespace OpsAgent.Toml.Reading;

/// <summary>Reads <c>key = value</c> into a table: a section's or an inline one.</summary>
internal sealed class EntryReader
{
    private readonly TextCursor _cursor;
    private readonly ValueReader _values;

    public EntryReader(TextCursor cursor)
    {
        _cursor = cursor;
        _values = new ValueReader(cursor, this);
    }

    /// <param name="table">The table that the key starts from.</param>
    /// <param name="depth">How deep that table lies.</param>
    public TomlNode Read(TomlTable table, int depth)
    {
        var key = KeyReader.Read(_cursor, "a key");
        if (!_cursor.TryTake('='))
        {
            throw _cursor.Error($"expected '=' after the key {Wording.Path(key)}, found {Wording.Found(_cursor)}");
        }

        // Before the value, so that of two mistakes in a line the first is reported.
        var parent = OwnerOf(table, key, depth);
        _cursor.SkipBlanks();
        var value = _values.Read(depth + key.Count);
        parent.Add(key[^1].Name, value, key[^1].Position);
        return value;
    }

    /// <summary>See <see cref="ValueReader.Hint"/>.</summary>
    public string Hint(TomlNode before) => _values.Hint(before);

    private TomlTable OwnerOf(TomlTable table, List<KeyPart> key, int depth)
    {
        for (var i = 0; i < key.Count - 1; i++)
        {
            var part = key[i];
            if (!table.TryGetValue(part.Name, out var found))
            {
                if (depth + i + 1 > TomlDocument.MaxDepth)
                {
                    throw _cursor.Error(part.Position, Conflict.TooDeep);
                }

                found = new TomlTable(part.Position, TableOrigin.DottedKey);
                table.Add(part.Name, found, part.Position);
            }

            if (found is not TomlTable { Origin: TableOrigin.DottedKey or TableOrigin.Implied } next)
            {
                throw _cursor.Error(part.Position, Conflict.OfDottedKey(key.Take(i + 1), found));
            }

            if (next.Origin == TableOrigin.Implied)
            {
                next.Define(TableOrigin.DottedKey, part.Position);
            }

            table = next;
        }

        return table.ContainsKey(key[^1].Name)
            ? throw _cursor.Error(key[^1].Position, Conflict.OfKey(key, table.KeyPosition(key[^1].Name)))
            : table;
    }
}
