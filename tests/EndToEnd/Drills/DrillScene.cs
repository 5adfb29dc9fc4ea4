using System.Buffers.Text;
using System.Text.Json.Nodes;
using OpsAgent.Tests.EndToEnd.Systemd;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Drills;

/// <summary>
/// The agent as docs/operations.md installs it, with a broker and a state disk of its own and a line to its monitor that can fall silent.
/// Each drill leaves it as it found it.
/// </summary>
public sealed class DrillScene : IAsyncLifetime
{
    // The claims of a token that is good for as long as anybody tests.
    private static readonly string Lasting = Base64Url.EncodeToString("{\"exp\":4102444800}"u8);

    private InstalledScene _installed = null!;
    private int _tasks;

    /// <summary>Its broker, which may be ended.</summary>
    public Broker Broker { get; } = new();

    /// <summary>Between the agent and its monitor.</summary>
    public MuteLine Monitor { get; private set; } = null!;

    internal Production Production => _installed.Production;

    /// <summary>The agent's log.</summary>
    public string Log => _installed.Service.Log;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("systemd", "activemq", "python3-stomp") is not null)
        {
            return;
        }

        await Broker.InitializeAsync();
        // The stand-ins are in the temporary folder, and doers outlive the agent.
        _installed = await InstalledScene.SetAsync(Broker, ["PrivateTmp=no"], settings: production =>
        {
            Monitor = MuteLine.To(new Uri(production.Facility.Url).Port);
            return new Dictionary<string, string>
            {
                ["SWF_MONITOR_URL"] = ThroughLine(production.Facility.MonitorUrl),
                ["SWF_MONITOR_HTTP_URL"] = ThroughLine(production.Facility.MonitorUrl),
            };
        });

        // As where the state folder has a file system of its own.
        await InsideAsync($$$"""
            kept=$(mktemp -d) && cp -a /var/lib/opsagent/. "$kept" && mount -t tmpfs -o size=8m,mode=0750 drill /var/lib/opsagent \
            && cp -a "$kept/." /var/lib/opsagent && rm -r "$kept" && install -d -m 0700 ~wenauseic/.pathena \
            && printf '{"id_token": "h.%s.s", "refresh_token": "opaque"}\n' {{{Lasting}}} >~wenauseic/.pathena/.token && chmod 0600 ~wenauseic/.pathena/.token \
            && chown -R wenauseic:eic /var/lib/opsagent
            """);
        await _installed.Service.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_installed is not null)
        {
            await _installed.DisposeAsync();
            await Monitor.DisposeAsync();
            await Broker.DisposeAsync();
        }
    }

    /// <summary>Runs a command line as an operator on the agent's host.</summary>
    public Task<ProgramRun> RunAsync(string line) => _installed.Service.Systemd.RunAsync(
        "/usr/bin/env",
        $"EPICPROD_ENV_FILE={_installed.Service.EnvironmentFile}",
        "OPSAGENT_STATE_DIR=/var/lib/opsagent",
        $"X509_USER_PROXY={Production.Facility.Credentials.ProxyPath}",
        "PATH=/opt/opsagent/current/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        "/bin/bash", "-c", line);

    /// <summary>Runs one that has to end well; what it wrote.</summary>
    public async Task<string> InsideAsync(string line)
    {
        var run = await RunAsync(line);
        Assert.True(run.ExitCode == 0, $"{line} ended with {run.ExitCode}: {run.Output}\nthe agent wrote:\n{Log}");
        return run.Output.Trim();
    }

    /// <summary>Waits until a command ends with that code and its words are as wanted.</summary>
    public async Task<string> BecomesAsync(string line, int exitCode, params string[] words)
    {
        ProgramRun run = new(-1, "");
        await Eventually.HoldsAsync(
            () => (run = RunAsync(line).GetAwaiter().GetResult()).ExitCode == exitCode && words.All(w => run.Output.Contains(w, StringComparison.Ordinal)),
            () => $"{line} ends with {exitCode} and says {string.Join(", ", words)}; it ended with {run.ExitCode}: {run.Output}\nthe agent wrote:\n{Log}");
        return run.Output;
    }

    /// <summary>Waits until a request has ended with that outcome.</summary>
    public Task SettlesAsync(string id, string outcome) => BecomesAsync($"opsctl work show {id} -o json", 0, $"\"outcome\":\"{outcome}\"");

    /// <summary>Waits until nothing wants anybody's eye.</summary>
    public Task IsHealthyAsync() => BecomesAsync("opsctl status", 0);

    /// <summary>Listens to what the agent publishes, at the broker as it runs now.</summary>
    public Task<StompPyListener> ListenAsync() => _installed.Service.ListenAsync();

    /// <summary>A number of the status.</summary>
    public async Task<long> NumberAsync(string group, string name) =>
        (long)JsonNode.Parse((await RunAsync("opsctl status -o json")).Output)![group]![name]!;

    /// <summary>A task that nobody has asked for, and what asks for it; prun does as planned from now on.</summary>
    internal (PcsTask Task, string Id, string Send) Submission(PandaPlan plan)
    {
        Production.Panda.Follow(plan);
        var number = Interlocked.Increment(ref _tasks);
        var task = Production.Facility.Pcs.AddTask($"26.07_drill_{number}");
        return (task, $"drill-{number}", $"opsctl send submit_task --request-id drill-{number} task_name={task.ComposedName} owner=alice");
    }

    private string ThroughLine(string url) => new UriBuilder(url) { Port = Monitor.Port }.Uri.ToString();
}
