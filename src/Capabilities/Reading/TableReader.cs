using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>
/// One table of the manifest. It remembers the keys that were asked for, so that the others can be refused: a key that is
/// silently ignored is a limit that does not hold. It lets nobody ask for a key that the table's form does not have, since the
/// schema would not know it.
/// </summary>
internal sealed class TableReader(TomlTable table, string path, TableForm form, Problems problems)
{
    private readonly List<string> _asked = [];

    public string Path => path;

    /// <summary>The table's own name: the last part of its path.</summary>
    public string Name => path[(path.LastIndexOf('.') + 1)..];

    public Problems Problems => problems;

    public TomlPosition Position => table.Position;

    public IEnumerable<string> Keys => table.Keys;

    /// <summary>The tables below <c>[name.*]</c>.</summary>
    public static IReadOnlyList<TableReader> Tables(TomlTable root, TableKey named, Problems problems)
    {
        var name = named.Name;
        var one = ((TableKey)named.Form.Others!).Form;
        var tables = new List<TableReader>();
        if (!root.TryGetValue(name, out var node))
        {
            return tables;
        }

        if (node is not TomlTable parent)
        {
            problems.Add(node.Position, name, $"must be tables of the form [{name}.NAME]");
            return tables;
        }

        foreach (var (key, value) in parent)
        {
            if (!Names.IsIdentifier(key, Names.LongestMsgType))
            {
                problems.Add(parent.KeyPosition(key), $"{name}.{key}", Names.IdentifierForm);
            }
            else if (value is TomlTable table)
            {
                tables.Add(new TableReader(table, $"{name}.{key}", one, problems));
            }
            else
            {
                problems.Add(parent.KeyPosition(key), $"{name}.{key}", $"must be a table: write [{name}.NAME] above it");
            }
        }

        return tables;
    }

    /// <summary>The value of a key, whatever it is; null if it is absent.</summary>
    public TomlNode? Find(string key)
    {
        if (!form.Takes(key))
        {
            throw new InvalidOperationException($"{path}: '{key}' is asked for, but is no key of this table's form");
        }

        _asked.Add(key);
        return table.GetValueOrDefault(key);
    }

    /// <summary>Reports a mistake in a key's value, or that the key is absent.</summary>
    public void Report(string key, string message) =>
        problems.Add(table.TryGetValue(key, out var node) ? node.Position : table.Position, $"{path}.{key}", message);

    /// <summary>Reports a mistake in a part of a key's value.</summary>
    public void Report(TomlNode node, string key, string message) => problems.Add(node.Position, $"{path}.{key}", message);

    /// <summary>Reports a mistake in the key itself.</summary>
    public void ReportKey(string key, string message) => problems.Add(table.KeyPosition(key), $"{path}.{key}", message);

    /// <summary>A string that is not empty; null if it is absent or wrong, which is then reported.</summary>
    public string? Text(TextKey key) => Text(key, key.Required);

    /// <summary>The same for a key whose name the manifest gives.</summary>
    public string? Text(string key, bool required = false)
    {
        if (Find(key) is not { } node)
        {
            if (required)
            {
                Report(key, "is missing");
            }

            return null;
        }

        if (node is TomlString { Value.Length: > 0 } text)
        {
            return text.Value;
        }

        Report(key, node is TomlString ? "must not be empty" : $"must be a string, not {Article(node)}");
        return null;
    }

    /// <summary>A whole number within limits.</summary>
    public long? Number(NumberKey key)
    {
        switch (Find(key))
        {
            case TomlInteger number when number.Value >= key.Min && number.Value <= key.Max:
                return number.Value;
            case null:
                if (key.Required)
                {
                    Report(key, $"is missing: a whole number from {key.Min} to {key.Max}");
                }

                return key.Otherwise;
            default:
                Report(key, $"must be a whole number from {key.Min} to {key.Max}");
                return null;
        }
    }

    public bool? Boolean(BooleanKey key)
    {
        var node = Find(key);
        if (node is not (null or TomlBoolean))
        {
            Report(key, $"must be true or false, not {Article(node)}");
        }

        return (node as TomlBoolean)?.Value;
    }

    /// <summary>One of some words.</summary>
    public string? Word(WordKey key) => Word(key, key) ?? (table.ContainsKey(key) ? null : key.Otherwise);

    /// <summary>The same for a key whose name the manifest gives.</summary>
    public string? Word(string key, WordKey form)
    {
        var text = Text(key, form.Required);
        if (text is null || form.Words.Contains(text))
        {
            return text;
        }

        Report(key, $"must be one of {string.Join(", ", form.Words)}{Spelling.Hint(text, form.Words)}");
        return null;
    }

    /// <summary>An array of strings, each not empty, with its nodes; empty if it is absent.</summary>
    public IReadOnlyList<TomlString> Texts(TextsKey key) => Texts(key.Name);

    /// <summary>The same for a key whose name the manifest gives.</summary>
    public IReadOnlyList<TomlString> Texts(string key)
    {
        var node = Find(key);
        if (node is not TomlArray array)
        {
            if (node is not null)
            {
                Report(key, $"must be an array of strings, not {Article(node)}");
            }

            return [];
        }

        foreach (var item in array)
        {
            if (item is not TomlString { Value.Length: > 0 })
            {
                Report(item, key, "must hold strings that are not empty");
            }
        }

        return [.. array.OfType<TomlString>().Where(static s => s.Value.Length > 0)];
    }

    /// <summary>A table below this one; null if it is absent.</summary>
    public TableReader? Table(TableKey key) => Table(key, key.Form);

    /// <summary>The same for a key whose name the manifest gives, or whose value may be something else.</summary>
    public TableReader? Table(string key, TableForm below)
    {
        var node = Find(key);
        if (node is not (null or TomlTable))
        {
            Report(key, $"must be a table, not {Article(node)}");
        }

        return node is TomlTable child ? new TableReader(child, $"{path}.{key}", below, problems) : null;
    }

    /// <summary>Reports every key that nobody asked for.</summary>
    public void RefuseOthers()
    {
        foreach (var key in table.Keys.Where(k => !_asked.Contains(k)))
        {
            ReportKey(key, $"unknown key{Spelling.Hint(key, _asked)}");
        }
    }

    private static string Article(TomlNode node) => node.Kind[0] is 'a' or 'i' or 'o' ? $"an {node.Kind}" : $"a {node.Kind}";
}
