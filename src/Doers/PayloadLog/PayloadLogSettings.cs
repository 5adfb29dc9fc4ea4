using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Rucio;

namespace OpsAgent.Doers.PayloadLog;

/// <summary>The environment, read and checked before anything is done.</summary>
internal sealed record PayloadLogSettings
{
    /// <summary>The scratch that the cache is in.</summary>
    public required string ScratchRoot { get; init; }

    /// <summary>The proxy file.</summary>
    public required string ProxyPath { get; init; }

    /// <summary>The limit of the copy, over all doors.</summary>
    public required TimeSpan CopyLimit { get; init; }

    /// <summary>Rucio.</summary>
    public required RucioOptions Rucio { get; init; }

    public static PayloadLogSettings From(DoerEnvironment environment) => new()
    {
        ScratchRoot = environment.AbsolutePath("SWF_TMP_DIR", "/data/swf-tmp"),
        ProxyPath = environment.AbsolutePath("X509_USER_PROXY", "/data/wenauseic/longproxy-for-rucio"),
        CopyLimit = environment.Seconds("XRDCP_TIMEOUT", 120),
        Rucio = RucioOptions.From(environment),
    };
}
