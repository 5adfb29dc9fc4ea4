namespace OpsAgent.Toml.Reading;

/// <summary>What to say when a key or a header meets something that is there already.</summary>
internal static class Conflict
{
    public static readonly string TooDeep =
        $"this lies too deep: expected at most {TomlDocument.MaxDepth} tables and arrays in one another";

    public static string OfKey(IEnumerable<KeyPart> key, TomlPosition first) =>
        $"the key {Wording.Path(key)} is defined already in line {first.Line}: expected a key once in its table";

    public static string OfDottedKey(IEnumerable<KeyPart> path, TomlNode found) =>
        found is TomlTable { Origin: TableOrigin.Header }
            ? $"the table {Wording.Path(path)} has its own header in line {found.Position.Line}: expected this key there"
            : OfPath(path, found);

    /// <summary>A table is looked for where there is none, or none that may be added to.</summary>
    public static string OfPath(IEnumerable<KeyPart> path, TomlNode found) => found switch
    {
        TomlTable { Origin: TableOrigin.Inline } =>
            $"the inline table {Wording.Path(path)} is complete in line {found.Position.Line}: expected all of its keys there",
        TomlArray { IsOfTables: true } =>
            $"{Wording.Path(path)} is an array of tables since line {found.Position.Line}: "
            + "expected this key below one of its [[headers]]",
        _ => $"{Wording.Path(path)} is {WithArticle(found.Kind)} in line {found.Position.Line}: expected a table",
    };

    public static string OfTableHeader(IEnumerable<KeyPart> path, TomlNode found) => found switch
    {
        TomlTable { Origin: TableOrigin.Header } =>
            $"the table {Wording.Path(path)} is defined already in line {found.Position.Line}: expected a header once",
        TomlTable { Origin: TableOrigin.DottedKey } =>
            $"the table {Wording.Path(path)} is defined by dotted keys since line {found.Position.Line}: "
            + "expected no header for it",
        TomlArray { IsOfTables: true } =>
            $"{Wording.Path(path)} is an array of tables since line {found.Position.Line}: "
            + "expected double brackets for one more of them",
        _ => OfPath(path, found),
    };

    public static string OfArrayHeader(IEnumerable<KeyPart> path, TomlNode found) => found is TomlArray
        ? $"the array {Wording.Path(path)} is complete in line {found.Position.Line}: expected all of its items there"
        : $"{Wording.Path(path)} is {WithArticle(found.Kind)} in line {found.Position.Line}: expected an array of tables";

    private static string WithArticle(string kind) => (kind[0] is 'a' or 'i' or 'o' ? "an " : "a ") + kind;
}
