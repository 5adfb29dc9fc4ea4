using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>What Rucio knows of a dataset.</summary>
/// <param name="Length">Its number of files; usually not said.</param>
/// <param name="Bytes">Its size; usually not said.</param>
/// <param name="Replicas">Its replicas, as Rucio gave them.</param>
public sealed record DatasetDetails(long? Length, long? Bytes, IReadOnlyList<JsonElement> Replicas);
