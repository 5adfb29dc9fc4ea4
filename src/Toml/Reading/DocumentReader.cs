namespace OpsAgent.Toml.Reading;

internal sealed class DocumentReader(TextCursor cursor)
{
    public TomlTable Read() => throw new NotImplementedException(cursor.Position.ToString());
}
