namespace OpsAgent.Toml.Reading;

/// <summary>Reads a document line by line: headers, and entries into the table of the last one.</summary>
internal sealed class DocumentReader
{
    private readonly TextCursor _cursor;
    private readonly EntryReader _entries;
    private readonly HeaderReader _headers;
    private readonly TomlTable _root = new(TomlPosition.Start, TableOrigin.Header);

    public DocumentReader(TextCursor cursor)
    {
        _cursor = cursor;
        _entries = new EntryReader(cursor);
        _headers = new HeaderReader(cursor, _root);
    }

    public TomlTable Read()
    {
        var table = _root;
        _cursor.SkipBlanksLinesAndComments();
        while (!_cursor.AtEnd)
        {
            if (_cursor.Current == '[')
            {
                table = _headers.Read();
                RequireLineEnd("the header", table);
            }
            else
            {
                RequireLineEnd("the value", _entries.Read(table, _headers.Depth));
            }

            _cursor.SkipBlanksLinesAndComments();
        }

        return _root;
    }

    private void RequireLineEnd(string what, TomlNode before)
    {
        _cursor.SkipBlanks();
        _cursor.SkipComment();
        if (!_cursor.AtEnd && _cursor.Current != '\n')
        {
            var found = Wording.Found(_cursor);
            throw _cursor.Error($"expected the end of the line after {what}, found {found}{_entries.Hint(before)}");
        }
    }
}
