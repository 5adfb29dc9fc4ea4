using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OpsAgent.Toml;

/// <summary>A table; its keys are case-sensitive and enumerated in the order of the document.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "table is TOML's own name for it")]
public sealed class TomlTable : TomlNode, IReadOnlyDictionary<string, TomlNode>
{
    private readonly OrderedDictionary<string, (TomlNode Node, TomlPosition Key)> _entries = [];

    internal TomlTable(TomlPosition position, TableOrigin origin)
        : base(position) => Origin = origin;

    /// <inheritdoc/>
    public IEnumerable<string> Keys => _entries.Keys;

    /// <inheritdoc/>
    public IEnumerable<TomlNode> Values => _entries.Values.Select(static e => e.Node);

    /// <inheritdoc/>
    public int Count => _entries.Count;

    /// <inheritdoc/>
    public override string Kind => "table";

    /// <summary>What wrote the table, and so what may still add to it.</summary>
    internal TableOrigin Origin { get; private set; }

    /// <inheritdoc/>
    public TomlNode this[string key] => _entries[key].Node;

    /// <summary>Where <paramref name="key"/> was first written.</summary>
    /// <exception cref="KeyNotFoundException">The table has no such key.</exception>
    public TomlPosition KeyPosition(string key) => _entries[key].Key;

    /// <inheritdoc/>
    public bool ContainsKey(string key) => _entries.ContainsKey(key);

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out TomlNode value)
    {
        var found = _entries.TryGetValue(key, out var entry);
        value = entry.Node;
        return found;
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, TomlNode>> GetEnumerator() =>
        _entries.Select(static e => KeyValuePair.Create(e.Key, e.Value.Node)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(string key, TomlNode node, TomlPosition position) => _entries.Add(key, (node, position));

    /// <summary>A table that until now stood only in headers' paths is written at <paramref name="position"/>.</summary>
    internal void Define(TableOrigin origin, TomlPosition position) => (Origin, Position) = (origin, position);
}
