using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using OpsAgent.Tests.Support.Systemd;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>The published agent under a systemd of its own, by the unit that is shipped, with short times.</summary>
public sealed class ServiceScene : IAsyncDisposable
{
    /// <summary>The unit, as it is shipped.</summary>
    public const string Unit = "epicprod-ops-agent.service";

    /// <summary>How long the agent may be silent here.</summary>
    public static readonly TimeSpan Watchdog = TimeSpan.FromSeconds(5);

    /// <summary>Where completion events go, as the agent's own configuration has it.</summary>
    public const string EventTopic = "/topic/epictopic";

    private readonly StompPyEndpoint _broker;
    private readonly TemporaryFolder _folder;
    private readonly ServiceLayout _layout;
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];

    private ServiceScene(StompPyEndpoint broker, TemporaryFolder folder, ServiceLayout layout) =>
        (_broker, _folder, _layout) = (broker, folder, layout);

    public PrivateSystemd Systemd { get; private set; } = null!;

    public string Queue => $"/queue/ops.{_name}";

    public string SettledTopic => $"/topic/settled.{_name}";

    public string PongQueue => $"/queue/pong.{_name}";

    /// <summary>The cache folder of its doers.</summary>
    public string CacheFolder => _layout.CacheFolder;

    /// <summary>Its ledger, lock and control socket.</summary>
    public string StateFolder => _layout.StateFolder;

    /// <summary>The agent's log, of all its lives.</summary>
    public string Log => !File.Exists(_layout.LogFile)
        ? ""
        : string.Join('\n', File.ReadLines(_layout.LogFile).Where(static l => !l.Contains(" setting ", StringComparison.Ordinal)));

    /// <summary>The settings that the agent reads; opsctl may be given the same.</summary>
    public string EnvironmentFile => _layout.EnvironmentFile;

    /// <summary>Boots systemd with an agent that runs as root and has a test's doers; it is not started yet.</summary>
    /// <param name="broker">Where its broker is, or will be.</param>
    /// <param name="settings">Lines for the environment file, after the scene's own.</param>
    public static Task<ServiceScene> SetAsync(StompPyEndpoint broker, params string[] settings)
    {
        var folder = new TemporaryFolder();
        return SetAsync(broker, folder, ServiceLayout.OfTests(folder, Watchdog), settings);
    }

    /// <summary>Boots systemd with the agent as it is installed, run by its own user; it is not started yet.</summary>
    /// <param name="broker">Where its broker is.</param>
    /// <param name="changes">What is otherwise than it is shipped.</param>
    /// <param name="settings">Lines for the environment file, after the scene's own.</param>
    internal static async Task<ServiceScene> InstallAsync(StompPyEndpoint broker, ServiceChanges changes, params string[] settings)
    {
        var folder = new TemporaryFolder();
        return await SetAsync(broker, folder, await ServiceLayout.InstalledAsync(folder, Watchdog, changes), settings);
    }

    /// <summary>Starts the agent; returns when systemd takes it for ready.</summary>
    public async Task StartAsync()
    {
        try
        {
            await Systemd.CtlAsync("start", Unit);
        }
        catch (InvalidOperationException e)
        {
            throw new InvalidOperationException($"{e.Message}; the agent wrote:\n{Log}", e);
        }
    }

    /// <summary>Starts an agent beside the unit's, with a state folder of its own; its pid in there.</summary>
    public async Task<int> StartSecondAsync()
    {
        var agent = $"{Deployment.Agent} --environment-file {EnvironmentFile} --config {_folder.At("prodops.toml")}";
        var output = _folder.At("second");
        await Systemd.RunAsync(
            "/bin/sh", "-c", $"exec {agent} --set agent.state_dir={_folder.At("second-state")} >{output} 2>&1 & echo $! >{_folder.At("second-pid")}");
        await Eventually.HoldsAsync(() => File.Exists(output) && File.ReadAllText(output).Contains("consuming ", StringComparison.Ordinal), "the second agent consumes");
        return int.Parse((await File.ReadAllTextAsync(_folder.At("second-pid"))).Trim());
    }

    /// <summary>Sends a signal to the agent alone.</summary>
    public Task SignalAsync(string signal) => Systemd.CtlAsync("kill", "--kill-who=main", "-s", signal, Unit);

    public Task<string> ShowAsync(string property) => Systemd.ShowAsync(Unit, property);

    public Task BecomesAsync(string property, string value) => Systemd.BecomesAsync(Unit, property, value, () => $"the agent wrote:\n{Log}");

    /// <summary>Waits until the line that systemctl status shows is as wanted.</summary>
    public Task StatusBecomesAsync(Func<string, bool> wanted) => Systemd.BecomesAsync(Unit, "StatusText", wanted, () => $"the agent wrote:\n{Log}");

    public Task<StompPyListener> ListenAsync() => StompPyListener.StartAsync(_broker, EventTopic, SettledTopic, PongQueue);

    public Task SendAsync(params string[] bodies) => StompPySender.SendAsync(_broker, Queue, bodies);

    /// <summary>Pings and waits for the pong.</summary>
    public async Task<StompPyMessage> PingAsync(StompPyListener listener)
    {
        var before = listener.Messages.Count(m => m.Destination == PongQueue);
        await SendAsync(JsonSerializer.Serialize(new { msg_type = "health_ping", reply_to = PongQueue }));
        await Eventually.HoldsAsync(() => listener.Messages.Count(m => m.Destination == PongQueue) > before, () => $"a pong; the agent wrote:\n{Log}");
        return listener.Messages.Last(m => m.Destination == PongQueue);
    }

    public Task<StompPyMessage> SettlesAsync(StompPyListener listener, string requestId) => listener.ReceivesAsync(
        m => m.Destination == SettledTopic && m["request_id"] == requestId, () => $"the settlement of {requestId}; the agent wrote:\n{Log}");

    /// <summary>Lets the doers that wait for it go on.</summary>
    public Task GoAsync() => File.WriteAllTextAsync(Path.Combine(CacheFolder, "go"), "");

    /// <summary>Waits until a doer has written that it runs; its pid in there.</summary>
    public async Task<int> DoerRunsAsync(string key)
    {
        var file = Path.Combine(CacheFolder, $"runs-{key}");
        await Eventually.HoldsAsync(() => File.Exists(file) && File.ReadAllText(file).EndsWith('\n'), () => $"the doer {key} runs; the agent wrote:\n{Log}");
        return int.Parse((await File.ReadAllTextAsync(file)).Trim());
    }

    /// <summary>True while a process of that pid lives in there.</summary>
    public async Task<bool> LivesAsync(int pid) => (await Systemd.RunAsync("/usr/bin/test", "-d", $"/proc/{pid}")).ExitCode == 0;

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Systemd is not null)
        {
            await Systemd.DisposeAsync();
        }

        _folder.Dispose();
    }

    private static async Task<ServiceScene> SetAsync(StompPyEndpoint broker, TemporaryFolder folder, ServiceLayout layout, string[] settings)
    {
        var scene = new ServiceScene(broker, folder, layout);
        await File.WriteAllTextAsync(layout.EnvironmentFile, string.Join('\n', [
            "# what a shell would choke on is a value like any other",
            "UNUSED=a$b&c(d) \"e\" \\f",
            "ACTIVEMQ_HOST=localhost",
            $"ACTIVEMQ_PORT={broker.Port}",
            $"ACTIVEMQ_USER={ActiveMqBroker.Login}",
            $"ACTIVEMQ_PASSWORD={ActiveMqBroker.Passcode}",
            $"EPICPROD_OPS_QUEUE={scene.Queue}",
            $"OPSAGENT_SETTLED_TOPIC={scene.SettledTopic}",
            $"SWF_TMP_DIR={layout.CacheFolder}",
            .. layout.Settings,
            .. settings]));
        try
        {
            scene.Systemd = await PrivateSystemd.BootAsync(
                new Dictionary<string, string>
                {
                    [Unit] = await File.ReadAllTextAsync(Path.Combine(Deployment.Folder, "systemd", Unit)),
                    [$"{Unit}.d/test.conf"] = layout.DropIn,
                },
                layout.Places);
            return scene;
        }
        catch
        {
            await scene.DisposeAsync();
            throw;
        }
    }
}
