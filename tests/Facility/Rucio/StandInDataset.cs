namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>A dataset as a test declares it.</summary>
/// <param name="Name">Its name, with the leading slash.</param>
/// <param name="Replicas">Each replica as Rucio's JSON, on one line.</param>
public sealed record StandInDataset(string Name, IReadOnlyList<string> Replicas);
