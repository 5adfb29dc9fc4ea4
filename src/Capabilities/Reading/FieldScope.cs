using OpsAgent.Capabilities.Fields;

namespace OpsAgent.Capabilities.Reading;

/// <summary>The fields that a capability's templates may name. One with a mistake of its own has no definition.</summary>
internal sealed class FieldScope(IReadOnlyDictionary<string, FieldDefinition?> fields)
{
    public IEnumerable<string> Names => fields.Keys;

    public IReadOnlyList<FieldDefinition> Definitions => [.. fields.Values.OfType<FieldDefinition>()];

    public bool Contains(string name) => fields.ContainsKey(name);

    /// <summary>Null if there is no such field, or if its own table is wrong.</summary>
    public FieldDefinition? Find(string name) => fields.GetValueOrDefault(name);
}
