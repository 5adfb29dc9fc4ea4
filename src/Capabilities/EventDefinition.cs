using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>One event that a capability publishes for an outcome.</summary>
/// <param name="MsgType">Its type, fixed text.</param>
/// <param name="Fields">Its own fields, in the order of the file.</param>
public sealed record EventDefinition(MsgType MsgType, IReadOnlyList<EventField> Fields);
