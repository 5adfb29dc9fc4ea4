using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>An agent with destinations of its own on the shared broker, and a stomp.py client that hears all it says.</summary>
public sealed class Scene : IAsyncDisposable
{
    private readonly Broker _broker;
    private readonly TemporaryFolder _folder = new();
    private readonly string _name = Guid.NewGuid().ToString("N")[..8];

    private Scene(Broker broker)
    {
        _broker = broker;
    }

    public AgentUnderTest Agent { get; private set; } = null!;

    public StompPyListener Listener { get; private set; } = null!;

    public string Queue => $"/queue/ops.{_name}";

    public string EventTopic => $"/topic/events.{_name}";

    public string SettledTopic => $"/topic/settled.{_name}";

    public string PongQueue => $"/queue/pong.{_name}";

    public TemporaryFolder Folder => _folder;

    /// <summary>Sets the scene; the agent is not started yet.</summary>
    /// <param name="broker">The shared broker.</param>
    /// <param name="manifest">Makes the configuration's text, and the doers that it names, in the scene's folder; null: what is published.</param>
    /// <param name="environment">Over the scene's own.</param>
    /// <param name="arguments">More of the agent's command line, with files in the scene's folder.</param>
    /// <param name="settings"><c>key=value</c>, for --set.</param>
    public static async Task<Scene> SetAsync(
        Broker broker, Func<TemporaryFolder, string>? manifest = null, IReadOnlyDictionary<string, string>? environment = null,
        Func<TemporaryFolder, string[]>? arguments = null, params IEnumerable<string> settings)
    {
        var scene = new Scene(broker);
        var all = new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "localhost",
            ["ACTIVEMQ_PORT"] = broker.ActiveMq.Port.ToString(),
            ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
            ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
            ["EPICPROD_OPS_QUEUE"] = scene.Queue,
            ["OPSAGENT_SETTLED_TOPIC"] = scene.SettledTopic,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        string[] config = manifest is null ? [] : ["--config", scene._folder.Write("prodops.toml", manifest(scene._folder))];
        scene.Agent = new AgentUnderTest(scene._folder, all, [.. config, .. arguments?.Invoke(scene._folder) ?? [], .. settings.Prepend($"events.topic={scene.EventTopic}").SelectMany(static s => new[] { "--set", s })]);
        scene.Listener = await StompPyListener.StartAsync(broker.Plain, scene.EventTopic, scene.SettledTopic, scene.PongQueue);
        return scene;
    }

    /// <summary>Sends with stomp.py.</summary>
    public Task SendAsync(params string[] bodies) => StompPySender.SendAsync(_broker.Plain, Queue, bodies);

    /// <summary>Sends as the web tier does.</summary>
    public Task SendWithLengthAsync(params string[] bodies) => StompPySender.SendAsync(_broker.Plain, Queue, bodies, contentLength: true);

    /// <summary>The settlement of that request.</summary>
    public Task<StompPyMessage> SettlesAsync(string requestId) =>
        Listener.ReceivesAsync(m => m["msg_type"] == "ops_request_settled" && m["request_id"] == requestId, () => $"the settlement of {requestId}; the agent wrote:\n{Agent.Process.Output}");

    /// <summary>Settlements so far.</summary>
    public IReadOnlyList<StompPyMessage> Settlements => [.. Listener.Messages.Where(m => m.Destination == SettledTopic)];

    /// <summary>Pings and waits for the pong.</summary>
    public async Task<StompPyMessage> PingAsync()
    {
        var before = Pongs();
        await SendAsync(JsonSerializer.Serialize(new { msg_type = "health_ping", reply_to = PongQueue }));
        await Eventually.HoldsAsync(() => Pongs() > before, "a pong");
        return Listener.Messages.Last(m => m.Destination == PongQueue);
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Listener.DisposeAsync();
        _folder.Dispose();
    }

    private int Pongs() => Listener.Messages.Count(m => m.Destination == PongQueue);
}
