using OpsAgent.Doers.Facility.Rucio;

namespace OpsAgent.Doers.PayloadLog;

/// <summary>Whose log to fetch, from where; every part has been checked.</summary>
/// <param name="Did">The log tarball's DID.</param>
/// <param name="JediTaskId">The job's task.</param>
/// <param name="PandaId">The job.</param>
/// <param name="Force">Fetch even if the cache has it.</param>
internal sealed record PayloadLogArguments(Did Did, string JediTaskId, string PandaId, bool Force)
{
    /// <summary>What two runs must not do at once: fill the same cache entry.</summary>
    public string Key => $"{JediTaskId}:{PandaId}";
}
