using System.Collections;
using System.Diagnostics.CodeAnalysis;

namespace OpsAgent.Toml;

/// <summary>An array, written as a value (<c>[1, 2]</c>) or as a run of <c>[[name]]</c> tables. Its items may mix types.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "array is TOML's own name for it")]
public sealed class TomlArray : TomlNode, IReadOnlyList<TomlNode>
{
    private readonly List<TomlNode> _items = [];

    internal TomlArray(TomlPosition position, bool isOfTables)
        : base(position) => IsOfTables = isOfTables;

    /// <inheritdoc/>
    public int Count => _items.Count;

    /// <inheritdoc/>
    public override string Kind => "array";

    /// <summary>Made by <c>[[name]]</c> headers, the only kind of array that may grow later in the document.</summary>
    internal bool IsOfTables { get; }

    /// <inheritdoc/>
    public TomlNode this[int index] => _items[index];

    /// <inheritdoc/>
    public IEnumerator<TomlNode> GetEnumerator() => _items.GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    internal void Add(TomlNode item) => _items.Add(item);
}
