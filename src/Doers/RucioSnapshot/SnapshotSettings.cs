using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.Facility.Rucio;

namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>The environment, read and checked before anything is done.</summary>
internal sealed record SnapshotSettings
{
    private const int AgentsLimit = 900;

    /// <summary>The scratch that the cache is in.</summary>
    public required string ScratchRoot { get; init; }

    /// <summary>The whole run's limit: a tenth before the agent's, so that the run ends by itself first.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>The Rucio that holds the outputs. Its calls leave a sixth of the run's limit for PCS.</summary>
    public required RucioOptions Rucio { get; init; }

    /// <summary>The production catalogue.</summary>
    public required PcsOptions Pcs { get; init; }

    public static SnapshotSettings From(DoerEnvironment environment)
    {
        var agents = environment.Seconds("EPICPROD_RUCIO_SNAPSHOT_TIMEOUT", AgentsLimit);
        return new SnapshotSettings
        {
            ScratchRoot = environment.AbsolutePath("SWF_TMP_DIR", "/data/swf-tmp"),
            Total = agents * 0.9,
            Rucio = RucioOptions.OfOutputs(environment, agents * 0.75),
            Pcs = new PcsOptions
            {
                Url = environment.ServiceBase("SWF_MONITOR_URL") ?? throw Wrong("SWF_MONITOR_URL is not set"),
                Token = Token(environment.Value("SWFMON_TOKEN") ?? environment.Value("SWF_MONITOR_TOKEN")),
                TryLimit = TimeSpan.FromSeconds(120), // the lists are long
                LargestAnswer = 512 << 20,
            },
        };
    }

    private static string? Token(string? token) => token is null || token.All(static c => c is > ' ' and <= '~')
        ? token
        : throw Wrong("SWFMON_TOKEN or SWF_MONITOR_TOKEN has characters that no header may hold");

    private static DoerException Wrong(string what) => new(DoerExit.Configuration, what);
}
