namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>One physical file of a DID.</summary>
/// <param name="Pfn">Its URL as Rucio gave it.</param>
/// <param name="Rse">The storage element; empty if Rucio did not say.</param>
/// <param name="State">The replica's state there; empty if Rucio did not say.</param>
/// <param name="Priority">Rucio's own order, lower first; <see cref="int.MaxValue"/> if it gave none.</param>
/// <param name="Bytes">The file's size; null if Rucio did not say.</param>
public sealed record Replica(string Pfn, string Rse, string State, int Priority, long? Bytes);
