using System.Security.Cryptography;
using OpsAgent.Tests.Support.Archives;

namespace OpsAgent.Tests.Demo;

/// <summary>The PanDA job whose log is asked for.</summary>
internal static class SampleJob
{
    public const string Scope = "group.EIC";
    public const string Lfn = "log.6123456789.job.log.tgz";
    public const string JediTaskId = "34501";
    public const string PandaId = "6123456789";

    /// <summary>The log that the page shows.</summary>
    public const string Stdout = """
        ---- payload of PanDA job 6123456789, task 34501
        eic-shell: detector configuration epic_craterlake
        ddsim: 1000 events of DIS NC 18x275, minQ2=10
        eicrecon: 1000 events reconstructed
        output written: DIS_NC_18x275.0001.edm4eic.root
        ---- payload ended with 0

        """;

    // Random, so that it does not shrink: the tarball has to be larger than the small disk of --break disk.
    private const int PilotLogBytes = 200_000;

    /// <summary>Where the agent caches it, below its cache folder.</summary>
    public static string CacheEntry => Path.Combine("panda-logs", JediTaskId, PandaId);

    /// <summary>Its log as pilots store it.</summary>
    public static byte[] Tarball()
    {
        using var tarball = new LogTarball();
        return tarball.Folder("").File("payload.stdout", Stdout).File("pilotlog.txt", PilotLog()).File("jobReport.json", "{}").ToGzip();
    }

    private static string PilotLog() => Convert.ToHexString(RandomNumberGenerator.GetBytes(PilotLogBytes));
}
