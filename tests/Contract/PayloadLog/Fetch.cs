using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support.Archives;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>One job's fetch: its own scratch, its own ids, and the environment of a good run for a test to spoil.</summary>
public sealed class Fetch : IDisposable
{
    private static int _next = 1000;
    private readonly Site _site;

    public Fetch(Site site)
    {
        _site = site;
        PandaId = $"61{Interlocked.Increment(ref _next)}";
        Lfn = $"job-{PandaId}.log.tgz";
        Scratch = Directory.CreateTempSubdirectory("opsagent-scratch-").FullName;
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = "/nowhere",
            ["HOME"] = Scratch,
            ["RUCIO_URL"] = site.Facility.Url,
            ["REQUESTS_CA_BUNDLE"] = site.Credentials.AuthorityPath,
            ["X509_CERT_DIR"] = site.Credentials.CertificatesFolder,
            ["X509_USER_PROXY"] = site.Credentials.ProxyPath,
            ["SWF_TMP_DIR"] = Scratch,
            ["XRDCP_TIMEOUT"] = "60",
        };
        Arguments = ["--scope=group.EIC", $"--lfn={Lfn}", $"--jeditaskid={JediTaskId}", $"--pandaid={PandaId}"];
    }

    public static string JediTaskId => "34501";

    public string PandaId { get; }

    public string Lfn { get; init; }

    public string Scratch { get; }

    public Dictionary<string, string> Environment { get; }

    public List<string> Arguments { get; }

    public string Task => Path.Combine(Scratch, "panda-logs", JediTaskId);

    public string Entry => Path.Combine(Task, PandaId);

    /// <summary>Puts the tarball on the plain XRootD and tells Rucio of it.</summary>
    public Fetch Stored(byte[]? tarball = null)
    {
        tarball ??= LogTarball.Good();
        _site.Plain.Put(Lfn, tarball);
        return Known(tarball.Length, new StandInReplica(_site.Plain.Url(Lfn), "EIC_DISK"));
    }

    /// <summary>Tells Rucio where it is.</summary>
    public Fetch Known(long? bytes, params StandInReplica[] replicas)
    {
        _site.Facility.Rucio.Add("group.EIC", Lfn, bytes, replicas);
        return this;
    }

    /// <summary>Runs the doer to its end.</summary>
    public async Task<DoerRun> RunAsync(params string[] more)
    {
        using var process = Start([], more);
        return await process.EndAsync();
    }

    /// <summary>Runs the doer behind a wrapper such as a shell that sets the umask.</summary>
    public async Task<DoerRun> RunBehindAsync(params string[] wrapper)
    {
        using var process = Start(wrapper, []);
        return await process.EndAsync();
    }

    /// <summary>Starts the doer.</summary>
    public DoerProcess Start(string[] wrapper, string[] more) => new(wrapper, [.. Arguments, .. more], Environment);

    /// <summary>Nothing half-done is left: no download, no partial entry, no lock.</summary>
    public void AssertTidy()
    {
        foreach (var folder in (string[])[Path.Combine(Scratch, "downloads"), Path.Combine(Scratch, ".locks")])
        {
            Assert.Empty(Directory.Exists(folder) ? Directory.GetFileSystemEntries(folder) : []);
        }

        Assert.DoesNotContain(
            Directory.Exists(Task) ? Directory.GetFileSystemEntries(Task) : [], e => e.Contains(".partial", StringComparison.Ordinal));
    }

    /// <summary>It failed with this code and one line that says so, and left nothing.</summary>
    public void AssertFailed(DoerRun run, int exitCode, string told)
    {
        Assert.True(exitCode == run.ExitCode, $"exit {run.ExitCode}, not {exitCode}:\n{run.Stderr}");
        Assert.Contains(told, Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Empty(run.Stdout);
        Assert.False(File.Exists(Path.Combine(Entry, ".done")));
        AssertTidy();
    }

    public void Dispose() => Directory.Delete(Scratch, recursive: true);
}
