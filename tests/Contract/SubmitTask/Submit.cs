using System.Text.Json;
using OpsAgent.Tests.Contract.PayloadLog;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Recording;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>One task's submission: its own folders, panda client and id, and the environment of a good run for a test to spoil.</summary>
public sealed class Submit : IDisposable
{
    private static int _next;
    private readonly SubmitSite _site;
    private readonly string _root;

    public Submit(SubmitSite site, string? name = null, PandaPlan? plan = null)
    {
        _site = site;
        var number = Interlocked.Increment(ref _next);
        Id = 35000 + number;
        _root = Directory.CreateTempSubdirectory("opsagent-submit-").FullName;
        Scratch = Make("scratch");
        State = Make("state");
        Results = Make("results");
        Panda = new PandaInstallation(Make("panda"));
        Plan(plan ?? new PandaPlan());
        Task = site.Facility.Pcs.AddTask($"{name ?? "26.07_DIS_NC_18x275"}.t{number}");
        Environment = new Dictionary<string, string>
        {
            ["PATH"] = "/usr/bin:/bin",
            ["HOME"] = Make("home"),
            ["SWF_MONITOR_URL"] = site.Facility.Url + PcsCatalog.Prefix,
            ["SWFMON_TOKEN"] = site.Facility.Pcs.Token,
            ["REQUESTS_CA_BUNDLE"] = site.Facility.Credentials.AuthorityPath,
            ["SWF_TMP_DIR"] = Scratch,
            ["OPSAGENT_STATE_DIR"] = State,
            ["OPSAGENT_RESULT_DIR"] = Results,
            ["SUBMIT_LOOKUP_TIMEOUT"] = "1",
        };
        Arguments = [$"--task-name={Task.ComposedName}", "--owner=alice", $"--pclient-setup={Panda.SetupPath}"];
    }

    public static string Program => Path.Combine(AppContext.BaseDirectory, "submit-task");

    public long Id { get; }

    public string Scratch { get; }

    public string State { get; }

    public string Results { get; }

    public PandaInstallation Panda { get; }

    public PcsTask Task { get; }

    public Dictionary<string, string> Environment { get; }

    public List<string> Arguments { get; }

    /// <summary>The sandboxes that there are.</summary>
    public IReadOnlyList<string> Sandboxes =>
        Directory.Exists(Path.Combine(State, "submit")) ? Directory.GetDirectories(Path.Combine(State, "submit")) : [];

    /// <summary>The one sandbox.</summary>
    public string Sandbox => Assert.Single(Sandboxes);

    /// <summary>The steps in the one journal.</summary>
    public IReadOnlyList<string> Steps => Sandboxes is [var one] && File.Exists(Path.Combine(one, "control", "journal.jsonl"))
        ? [.. File.ReadAllLines(Path.Combine(one, "control", "journal.jsonl")).Where(l => l.EndsWith('}'))
            .Select(l => JsonDocument.Parse(l).RootElement.GetProperty("step").GetString()!)]
        : [];

    /// <summary>The attempts to record this task.</summary>
    public IReadOnlyList<RecordedRequest> Records => [.. _site.Facility.Requests.To(PcsCatalog.Prefix + "/pcs/api/prod-tasks/record-submission/")
        .Where(r => r.Path.EndsWith("?name=" + Uri.EscapeDataString(Task.ComposedName), StringComparison.Ordinal))];

    /// <summary>What the panda client does; the id is this submission's.</summary>
    public void Plan(PandaPlan plan) => Panda.Follow(plan with { Id = Id });

    /// <summary>Runs the doer to its end.</summary>
    public async Task<DoerRun> RunAsync(params string[] more)
    {
        using var process = Start([], more);
        return await process.EndAsync();
    }

    /// <summary>Runs the doer with other arguments.</summary>
    public async Task<DoerRun> RunWithAsync(params string[] arguments)
    {
        using var process = new DoerProcess([], [.. arguments, $"--pclient-setup={Panda.SetupPath}"], Environment, Program);
        return await process.EndAsync();
    }

    /// <summary>Starts the doer.</summary>
    public DoerProcess Start(string[] wrapper, params string[] more) => new(wrapper, [.. Arguments, .. more], Environment, Program);

    /// <summary>Starts it, kills it without a word once <paramref name="when"/> holds.</summary>
    public async Task KillAsync(Func<bool> when, string what)
    {
        using var process = Start([]);
        await Eventually.HoldsAsync(when, what);
        process.Signal("KILL");
        await process.EndAsync();
    }

    /// <summary>It ended with the id, which PCS knows, and prun ran once.</summary>
    public void AssertSubmitted(DoerRun run)
    {
        Assert.True(run.ExitCode == 0, $"exit {run.ExitCode}:\n{run.Stderr}");
        Assert.Equal($"{Id}\n", run.Stdout);
        Assert.Equal(Id, Task.PandaTaskId);
        Assert.Single(Panda.Runs);
        AssertTidy();
    }

    /// <summary>It failed with this code and one line that says so.</summary>
    public void AssertFailed(DoerRun run, int exitCode, string told, string stdout = "")
    {
        Assert.True(exitCode == run.ExitCode, $"exit {run.ExitCode}, not {exitCode}:\n{run.Stderr}");
        Assert.Contains(told, Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Equal(stdout, run.Stdout);
        AssertTidy();
    }

    /// <summary>It failed before prun: PanDA was asked nothing and nothing is left.</summary>
    public void AssertNothingSent(DoerRun run, int exitCode, string told)
    {
        AssertFailed(run, exitCode, told);
        Assert.Empty(Panda.Runs);
        Assert.Empty(Sandboxes);
        Assert.Empty(Records);
    }

    /// <summary>No lock is left, and nothing of prun lives.</summary>
    public void AssertTidy()
    {
        var locks = Path.Combine(Scratch, ".locks");
        Assert.Empty(Directory.Exists(locks) ? Directory.GetFileSystemEntries(locks) : []);
        Assert.Empty(Living());
    }

    /// <summary>The processes that carry this panda client's environment.</summary>
    public IReadOnlyList<int> Living() =>
        [.. Directory.GetDirectories("/proc").Select(Path.GetFileName).Where(n => int.TryParse(n, out _)).Select(n => int.Parse(n!)).Where(IsOurs)];

    public void Dispose()
    {
        foreach (var pid in Living())
        {
            _ = Posix.TryKill(pid, PosixSignalNumber.Kill);
        }

        Directory.Delete(_root, recursive: true);
    }

    private bool IsOurs(int pid)
    {
        try
        {
            var stat = File.ReadAllText($"/proc/{pid}/stat");
            return stat[stat.LastIndexOf(')') + 2] != 'Z'
                && File.ReadAllText($"/proc/{pid}/environ").Contains($"PANDA_STANDIN={Path.Combine(_root, "panda")}\0", StringComparison.Ordinal);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false; // gone meanwhile
        }
    }

    private string Make(string name) => Directory.CreateDirectory(Path.Combine(_root, name)).FullName;
}
