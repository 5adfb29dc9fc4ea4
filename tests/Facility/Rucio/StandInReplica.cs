namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>A replica as a test declares it.</summary>
/// <param name="Pfn">Its URL.</param>
/// <param name="Rse">Its storage element.</param>
/// <param name="State">Its state there.</param>
/// <param name="Priority">Rucio's order among a file's replicas.</param>
public sealed record StandInReplica(string Pfn, string Rse, string State = "AVAILABLE", int Priority = 1);
