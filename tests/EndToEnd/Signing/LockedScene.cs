using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;

namespace OpsAgent.Tests.EndToEnd.Signing;

/// <summary>A published agent that runs as nobody, with rules and keys, in folders and with destinations of its own.</summary>
internal sealed class LockedScene : IAsyncDisposable
{
    private const string Nobody = "65534";

    private readonly TemporaryFolder _folder;
    private readonly Dictionary<string, string> _environment;
    private ChildProcess? _agent;

    private LockedScene(TemporaryFolder folder, Dictionary<string, string> environment) => (_folder, _environment) = (folder, environment);

    public StompPyListener Listener { get; private set; } = null!;

    public TemporaryFolder Folder => _folder;

    public IReadOnlyDictionary<string, string> Environment => _environment;

    public string Notes => _folder.At("tmp", "notes");

    public ChildProcess Agent => _agent!;

    private static bool IsRoot => System.Environment.UserName == "root";

    /// <summary>Sets the scene; the agent is not started yet.</summary>
    /// <param name="broker">Shared; it vouches for senders.</param>
    /// <param name="rules">Of the capability <c>note</c>.</param>
    /// <param name="shutdown">The table of who may end the agent.</param>
    public static async Task<LockedScene> SetAsync(
        ActiveMqBroker broker, string rules, string shutdown = "[message.shutdown]\nsenders = [\"key:web-2026\"]")
    {
        var folder = new TemporaryFolder();
        var name = Guid.NewGuid().ToString("N")[..8];
        var environment = new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "localhost",
            ["ACTIVEMQ_PORT"] = broker.Port.ToString(),
            ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
            ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
            ["EPICPROD_OPS_QUEUE"] = $"/queue/ops.{name}",
            ["OPSAGENT_SETTLED_TOPIC"] = $"/topic/settled.{name}",
            ["OPSAGENT_STATE_DIR"] = folder.At("state"),
            ["OPSAGENT_KEYS_DIR"] = folder.At("keys"),
            ["SWF_TMP_DIR"] = folder.At("tmp"),
            ["HOME"] = folder.At("tmp"),
        };
        var scene = new LockedScene(folder, environment);
        var note = Manifests.Program(folder, "note", "echo \"$1\" >> \"$SWF_TMP_DIR/notes\"");
        environment["OPSAGENT_CONFIG"] = folder.Write("prodops.toml", $$"""
            [broker]
            vouches_for_senders = true
            [events]
            topic = "/topic/events.{{name}}"
            [lane.quick]
            slots = 1
            [capability.note]
            description = "append a number to a file"
            doer = ["{{note}}", "{n}"]
            timeout = "20s"
            lane = "quick"
            environment = ["SWF_TMP_DIR"]
            {{rules}}
            [capability.note.fields]
            n = { type = "id", required = true }
            [[capability.note.on.error]]
            msg_type = "not_noted"
            n = "{n}"
            {{shutdown}}
            """);
        Directory.CreateDirectory(folder.At("tmp"));
        await scene.OpsCtlAsync(0, "keys", "new", "web-2026");
        await scene.OwnedAsync();
        scene.Listener = await StompPyListener.StartAsync(
            new StompPyEndpoint(broker.Port, ActiveMqBroker.Login, ActiveMqBroker.Passcode), $"/topic/events.{name}", environment["OPSAGENT_SETTLED_TOPIC"]);
        return scene;
    }

    /// <summary>Starts the agent as nobody; returns when it consumes its queue.</summary>
    public async Task StartAsync(string? failAt = null)
    {
        var environment = new Dictionary<string, string>(_environment);
        if (failAt is not null)
        {
            environment["OPSAGENT_FAIL_AT"] = failAt;
        }

        string[] run = [Deployment.Agent, "--config", _environment["OPSAGENT_CONFIG"]];
        _agent = IsRoot
            ? ChildProcess.Start("/usr/bin/setpriv", ["--reuid", Nobody, "--regid", Nobody, "--clear-groups", .. run], environment)
            : ChildProcess.Start(run[0], run[1..], environment);
        await _agent.WritesAsync("consuming ");
    }

    /// <summary>Runs opsctl, which must end with that code; what it wrote.</summary>
    public async Task<string> OpsCtlAsync(int code, params string[] arguments)
    {
        await using var opsctl = ChildProcess.Start(Deployment.OpsCtl, arguments, _environment);
        var ended = await opsctl.ExitAsync();
        return ended == code
            ? opsctl.Output
            : throw new InvalidOperationException($"opsctl {string.Join(' ', arguments)} ended with {ended}:\n{opsctl.Output}\nthe agent wrote:\n{_agent?.Output}");
    }

    /// <summary>Changes a file's owner, or does nothing where this is not root, who alone may.</summary>
    public static async Task GiveAsync(string owner, params string[] paths)
    {
        if (IsRoot)
        {
            await using var chown = ChildProcess.Start("/usr/bin/chown", ["-R", owner, .. paths], new Dictionary<string, string>());
            await chown.ExitAsync();
        }
    }

    /// <summary>Waits for a settlement with an outcome and reason like this.</summary>
    public Task<StompPyMessage> SettlesAsync(string outcome, string reason) => Listener.ReceivesAsync(
        m => m["msg_type"] == "ops_request_settled" && m["outcome"] == outcome && m["reason"]!.Contains(reason, StringComparison.Ordinal),
        () => $"{outcome}: {reason}; came: {string.Join('\n', Listener.Messages.Select(m => m.Body))}\nthe agent wrote:\n{_agent?.Output}");

    /// <summary>Gives keys, cache and state to whom the agent runs as.</summary>
    public async Task OwnedAsync()
    {
        if (!IsRoot)
        {
            return;
        }

        UnixMode.Set(_folder.Path, "0755");
        UnixMode.Set(_folder.At("note"), "0755");
        UnixMode.Set(_folder.At("prodops.toml"), "0644");
        Directory.CreateDirectory(_folder.At("state"));
        await GiveAsync($"{Nobody}:{Nobody}", _folder.At("tmp"), _folder.At("state"), _folder.At("keys"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_agent is not null)
        {
            await _agent.DisposeAsync();
        }

        if (Listener is not null)
        {
            await Listener.DisposeAsync();
        }

        _folder.Dispose();
    }
}
