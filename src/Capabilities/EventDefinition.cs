using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>One event that a capability publishes for an outcome.</summary>
/// <param name="MsgType">Its type, fixed text.</param>
/// <param name="Fields">Its own fields, in the order of the file.</param>
public sealed record EventDefinition(MsgType MsgType, IReadOnlyList<EventField> Fields)
{
    /// <summary>What the request must say for it to be published; empty: always.</summary>
    public IReadOnlyList<EventCondition> When { get; init; } = [];
}

/// <summary>A field of the request that must have one of some values.</summary>
/// <param name="Field">The field.</param>
/// <param name="Values">Its texts that are meant.</param>
public sealed record EventCondition(string Field, IReadOnlyList<string> Values)
{
    internal bool Holds(Fields.FieldValues values) => values[Field] is { } value && Values.Contains(value.Text);
}
