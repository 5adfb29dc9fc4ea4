namespace OpsAgent.Capabilities.Reading;

/// <summary>What every capability of one manifest may refer to.</summary>
/// <param name="Lanes">Those that are valid.</param>
/// <param name="Credentials">Those that are valid.</param>
/// <param name="LaneNames">All that are named, so that a lane with a mistake of its own is not reported as missing too.</param>
/// <param name="CredentialNames">As for lanes.</param>
/// <param name="Environment">The agent's environment.</param>
internal sealed record SharedTables(
    IReadOnlyDictionary<string, LaneDefinition> Lanes,
    IReadOnlyDictionary<string, CredentialDefinition> Credentials,
    IReadOnlyCollection<string> LaneNames,
    IReadOnlyCollection<string> CredentialNames,
    IReadOnlyDictionary<string, string> Environment);
