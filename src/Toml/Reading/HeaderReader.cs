namespace OpsAgent.Toml.Reading;

/// <summary>Reads a <c>[header]</c> or <c>[[header]]</c> and gives the table that the lines below it fill.</summary>
internal sealed class HeaderReader(TextCursor cursor, TomlTable root)
{
    /// <summary>How deep the table of the last header lies.</summary>
    public int Depth { get; private set; }

    public TomlTable Read()
    {
        var bracket = cursor.Position;
        cursor.Advance();
        var isArray = cursor.TryTake('[');
        var path = KeyReader.Read(cursor, "a table's name");
        var close = isArray ? "]]" : "]";
        if (!cursor.Follows(close))
        {
            throw cursor.Error($"expected '{close}' after the table's name {Wording.Path(path)}, found {Wording.Found(cursor)}");
        }

        cursor.Advance(close.Length);
        Depth = 0;
        var parent = root;
        for (var i = 0; i < path.Count - 1; i++)
        {
            parent = Enter(parent, path, i);
        }

        return isArray ? AddItem(parent, path, bracket) : Define(parent, path, bracket);
    }

    private TomlTable Enter(TomlTable parent, List<KeyPart> path, int index)
    {
        var part = path[index];
        Deepen(part);
        if (!parent.TryGetValue(part.Name, out var found))
        {
            var implied = new TomlTable(part.Position, TableOrigin.Implied);
            parent.Add(part.Name, implied, part.Position);
            return implied;
        }

        if (found is TomlArray { IsOfTables: true } array)
        {
            Deepen(part);
            return (TomlTable)array[^1];
        }

        return found is TomlTable { Origin: not TableOrigin.Inline } table
            ? table
            : throw cursor.Error(part.Position, Conflict.OfPath(path.Take(index + 1), found));
    }

    private TomlTable Define(TomlTable parent, List<KeyPart> path, TomlPosition bracket)
    {
        var part = path[^1];
        Deepen(part);
        if (!parent.TryGetValue(part.Name, out var found))
        {
            found = new TomlTable(bracket, TableOrigin.Implied);
            parent.Add(part.Name, found, part.Position);
        }

        if (found is not TomlTable { Origin: TableOrigin.Implied } table)
        {
            throw cursor.Error(part.Position, Conflict.OfTableHeader(path, found));
        }

        table.Define(TableOrigin.Header, bracket);
        return table;
    }

    private TomlTable AddItem(TomlTable parent, List<KeyPart> path, TomlPosition bracket)
    {
        var part = path[^1];
        Deepen(part);
        Deepen(part);
        if (!parent.TryGetValue(part.Name, out var found))
        {
            found = new TomlArray(bracket, isOfTables: true);
            parent.Add(part.Name, found, part.Position);
        }

        if (found is not TomlArray { IsOfTables: true } array)
        {
            throw cursor.Error(part.Position, Conflict.OfArrayHeader(path, found));
        }

        var item = new TomlTable(bracket, TableOrigin.Header);
        array.Add(item);
        return item;
    }

    private void Deepen(KeyPart part)
    {
        if (++Depth > TomlDocument.MaxDepth)
        {
            throw cursor.Error(part.Position, Conflict.TooDeep);
        }
    }
}
