using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>A lane of the manifest.</summary>
/// <param name="Name">What capabilities call it.</param>
/// <param name="Slots">How many doers run in it at once.</param>
public sealed record LaneDefinition(LaneName Name, int Slots);
