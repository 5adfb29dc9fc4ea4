using System.Text.Json.Nodes;
using OpsAgent.Tests.Contract.PayloadLog;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Recording;
using OpsAgent.Tests.Facility.Samples;
using Xunit;

namespace OpsAgent.Tests.Contract.RucioSnapshot;

/// <summary>A stand-in with two campaigns, a scratch, and the environment of a good run for a test to spoil.</summary>
public sealed class SnapshotScene : IAsyncDisposable
{
    private SnapshotScene(FacilityStandIn facility)
    {
        Facility = facility;
        Scratch = Directory.CreateTempSubdirectory("opsagent-scratch-").FullName;
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = "/nowhere",
            ["HOME"] = Scratch,
            ["JLAB_RUCIO_URL"] = facility.Url,
            ["SWF_MONITOR_URL"] = facility.Url + PcsCatalog.Prefix,
            ["SWFMON_TOKEN"] = facility.Pcs.Token,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
            ["SWF_TMP_DIR"] = Scratch,
            ["EPICPROD_RUCIO_SNAPSHOT_TIMEOUT"] = "120",
        };
    }

    public FacilityStandIn Facility { get; }

    public string Scratch { get; }

    public Dictionary<string, string> Environment { get; }

    public string Folder => Path.Combine(Scratch, "rucio-snapshots");

    /// <summary>The PATCHes so far.</summary>
    public IReadOnlyList<RecordedRequest> Patches => [.. Facility.Requests.All.Where(static r => r.Method == "PATCH")];

    public static async Task<SnapshotScene> StartAsync(SnapshotPki pki)
    {
        var facility = await FacilityStandIn.StartAsync(new FacilityOptions { Credentials = pki.Credentials });
        TwoCampaigns.Fill(facility);
        return new SnapshotScene(facility);
    }

    /// <summary>Runs the doer to its end.</summary>
    public async Task<DoerRun> RunAsync(params string[] arguments)
    {
        using var process = Start(arguments);
        return await process.EndAsync();
    }

    /// <summary>Starts the doer.</summary>
    public DoerProcess Start(params string[] arguments) => new([], arguments, Environment, Path.Combine(AppContext.BaseDirectory, "rucio-snapshot"));

    /// <summary>Runs it well, which later runs may not undo.</summary>
    public async Task<DoerRun> RunWellAsync(params string[] arguments)
    {
        var run = await RunAsync(arguments);
        Assert.True(run.ExitCode == 0, $"exit {run.ExitCode}:\n{run.Stderr}");
        return run;
    }

    public string File(string name) => System.IO.File.ReadAllText(Path.Combine(Folder, name));

    public JsonObject Json(string name) => (JsonObject)JsonNode.Parse(File(name))!;

    public JsonObject Overrides(string task) => Facility.Pcs.Tasks.Single(t => t.ComposedName == task).Overrides;

    /// <summary>The DIDs of a task's list.</summary>
    public IEnumerable<string> Dids(string task, string list = "outputs") =>
        Overrides(task)[list]?.AsArray().Select(static e => (string)e!["did"]!) ?? [];

    /// <summary>All that a failing run must leave alone: the files and every task.</summary>
    public string State() => string.Join('\n', (string[])
    [
        .. Directory.Exists(Folder) ? Directory.GetFiles(Folder).Order(StringComparer.Ordinal).Select(static f => f + System.IO.File.ReadAllText(f)) : [],
        .. Facility.Pcs.Tasks.Select(static t => $"{t.ComposedName} {t.Overrides.ToJsonString()}"),
    ]);

    /// <summary>It failed with this code and said so, wrote no task, and left files and tasks as they were.</summary>
    public void AssertFailed(DoerRun run, int exitCode, string told, string before)
    {
        Assert.True(exitCode == run.ExitCode, $"exit {run.ExitCode}, not {exitCode}:\n{run.Stderr}");
        Assert.Contains(run.Errors, e => e.Contains(told, StringComparison.Ordinal));
        Assert.Equal(before, State());
        Assert.DoesNotContain("eicread", run.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain(Facility.Pcs.Token, run.Stderr, StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await Facility.DisposeAsync();
        Directory.Delete(Scratch, recursive: true);
    }
}
