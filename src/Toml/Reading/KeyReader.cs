namespace OpsAgent.Toml.Reading;

/// <summary>Reads a key: bare, quoted, or several of these joined by dots.</summary>
internal static class KeyReader
{
    public static bool IsBare(char unit) => char.IsAsciiLetterOrDigit(unit) || unit is '_' or '-';

    /// <summary>Reads a key and the blanks behind it.</summary>
    public static List<KeyPart> Read(TextCursor cursor, string what)
    {
        var parts = new List<KeyPart>(1);
        do
        {
            cursor.SkipBlanks();
            parts.Add(new KeyPart(Name(cursor, parts.Count == 0 ? what : "a key after '.'", out var position), position));
            cursor.SkipBlanks();
        }
        while (cursor.TryTake('.'));

        return parts;
    }

    private static string Name(TextCursor cursor, string what, out TomlPosition position)
    {
        position = cursor.Position;
        if (cursor.Current is '"' or '\'')
        {
            return cursor.Follows("\"\"\"") || cursor.Follows("'''")
                ? throw cursor.Error("a key can't be a multi-line string: expected one quote on each side")
                : StringNotation.Read(cursor);
        }

        var length = cursor.CountWhile(IsBare);
        var name = cursor.Ahead(length).ToString();
        cursor.Advance(length);
        if (length == 0 || !MayFollow(cursor.Current))
        {
            var found = Wording.Found(cursor);
            throw cursor.Error(cursor.AtEnd || cursor.Current is '\n' or '=' or '[' or ']' or '}' or '{' or ',' or '.'
                ? $"expected {what}, found {found}"
                : $"{found} is not allowed in a bare key: expected letters, digits, '_' or '-', or a key in quotes");
        }

        return name;
    }

    // Whatever else may stand behind a key is for the caller to judge, who knows what should.
    private static bool MayFollow(char unit) =>
        unit is TextCursor.End or ' ' or '\t' or '\n' or '.' or '=' or ':'
            or ']' or '[' or '{' or '}' or ',' or '#' or '"' or '\'';
}
