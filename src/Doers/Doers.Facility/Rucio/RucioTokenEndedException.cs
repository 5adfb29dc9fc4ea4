namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>The token is not accepted, or no longer; a new one may be.</summary>
internal sealed class RucioTokenEndedException : Exception;
