namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>A line of a campaign's catalogue.</summary>
/// <param name="Name">The composed name of the task that makes the sample.</param>
/// <param name="Edition">The detector version that it is made with; empty if the catalogue does not say.</param>
public sealed record PcsSample(string Name, string Edition);
