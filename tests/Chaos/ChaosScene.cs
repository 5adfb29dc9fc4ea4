using System.Text;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;

namespace OpsAgent.Tests.Chaos;

/// <summary>The published agent on a broker, everything that is sent to it, and everything that it says.</summary>
internal sealed class ChaosScene : IAsyncDisposable
{
    private const string Queue = "/queue/ops.chaos";
    private const string Settled = "/topic/settled.chaos";
    private const string Events = "/topic/events.chaos";

    private readonly TemporaryFolder _folder = new();
    private readonly ChaosBroker _broker;
    private readonly StompClient _client;
    private readonly AgentUnderTest _agent;

    private ChaosScene(ChaosBroker broker, Func<TemporaryFolder, string> manifest, DelegatedCgroup? cgroup)
    {
        _broker = broker;
        _client = new StompClient(new StompClientOptions
        {
            Endpoints = [new StompEndpoint(broker.Host, broker.Port)],
            Login = ChaosBroker.Login,
            Passcode = ChaosBroker.Passcode,
        });
        _client.Subscribe(new StompSubscribeOptions { Destination = Settled }, Book.Take);
        _client.Subscribe(new StompSubscribeOptions { Destination = Events }, Book.Take);
        _client.Start();
        _agent = new AgentUnderTest(
            _folder,
            new Dictionary<string, string>
            {
                ["ACTIVEMQ_HOST"] = broker.Host,
                ["ACTIVEMQ_PORT"] = broker.Port.ToString(),
                ["ACTIVEMQ_USER"] = ChaosBroker.Login,
                ["ACTIVEMQ_PASSWORD"] = ChaosBroker.Passcode,
                ["EPICPROD_OPS_QUEUE"] = Queue,
                ["OPSAGENT_SETTLED_TOPIC"] = Settled,
            },
            "--config", _folder.Write("prodops.toml", manifest(_folder)), "--set", $"events.topic={Events}")
        {
            Behind = cgroup?.Behind ?? [],
        };
    }

    public SettlementBook Book { get; } = new();

    public List<SentRequest> Sent { get; } = [];

    /// <summary>How often it was killed, and where.</summary>
    public SortedDictionary<string, int> Kills { get; } = new(StringComparer.Ordinal);

    public string KillsInWords => string.Join(", ", Kills.Select(k => $"{k.Key} {k.Value}"));

    public StartBook Starts => new(_folder.At("tmp", "book"));

    public string Output => _agent.Process.Output;

    public string Folder => _folder.Path;

    /// <param name="broker">It becomes the scene's.</param>
    /// <param name="manifest">Written into the scene's folder.</param>
    /// <param name="cgroup">In which each agent runs, with one beneath it for each doer; null: it has none.</param>
    public static async Task<ChaosScene> StartAsync(
        ChaosBroker broker, Func<TemporaryFolder, string> manifest, DelegatedCgroup? cgroup = null)
    {
        var scene = new ChaosScene(broker, manifest, cgroup);
        await scene._client.WaitConnectedAsync(CancellationToken.None);
        return scene;
    }

    /// <summary>Sends a request as often as it says.</summary>
    public async Task SendAsync(SentRequest request)
    {
        Sent.Add(request);
        for (var i = 0; i < request.Sends; i++)
        {
            await _client.SendConfirmedAsync(
                new StompOutgoing
                {
                    Destination = Queue,
                    Body = Encoding.UTF8.GetBytes(request.Body),
                    Headers = [new("persistent", "true")],
                },
                CancellationToken.None);
        }
    }

    /// <summary>Starts the agent; returns when it consumes, or has killed itself before.</summary>
    public async Task StartAgentAsync(Boundary? boundary = null, int passages = 1)
    {
        _agent.Launch(boundary is { } b ? [(FailPoints.Variable, $"{b}:{passages}")] : []);
        await Eventually.HoldsAsync(
            () => _agent.Process.HasExited || Output.Contains("consuming ", StringComparison.Ordinal),
            () => $"the agent consumes:\n{Output}");
        Assert.True(boundary is not null || !_agent.Process.HasExited, $"it ended:\n{Output}");
    }

    /// <summary>True once it has killed itself at the boundary that was armed; false if it lives on at the limit.</summary>
    public async Task<bool> DiesAsync(TimeSpan limit)
    {
        try
        {
            await Eventually.HoldsAsync(() => _agent.Process.HasExited, "its end", limit);
        }
        catch (TimeoutException)
        {
            return false;
        }

        // Its last words are read to their end.
        await _agent.KillAsync();
        const string LastWords = "opsagent: ends itself at ";
        var at = Output.LastIndexOf(LastWords, StringComparison.Ordinal);
        Assert.True(at >= 0, $"it ended for a reason of its own:\n{Output}");
        Count(Output[(at + LastWords.Length)..].Split(':')[0]);
        return true;
    }

    /// <summary>SIGKILL now.</summary>
    public async Task KillAsync(string where)
    {
        await _agent.KillAsync();
        Count(where);
    }

    /// <summary>Starts the agent and ends it by SIGKILL so long after, wherever in its start it is by then.</summary>
    public async Task KillStartingAsync(TimeSpan after)
    {
        _agent.Launch();
        await Task.Delay(after, TimeProvider.System);
        await KillAsync("start");
    }

    /// <summary>
    /// A stop and a start as an operator makes them, and one more request: what the agent still had to run or to say is done and said
    /// before that one is settled, were it too much.
    /// </summary>
    public async Task ComeToRestAsync()
    {
        Assert.Equal(0, await _agent.StopAsync());
        await StartAgentAsync();
        var last = new SentRequest("last", "again", Sent.Count, Sends: 1);
        await SendAsync(last);
        await HoldsAsync(() => Book.Of(last.Id).Count > 0 && Book.EventsOf(last.Id).Count > 0, () => "the last one is settled");
    }

    /// <summary>SIGKILL when all is done: it does not count.</summary>
    public Task EndAsync() => _agent.KillAsync();

    public Task SettlesAsync(TimeSpan? limit = null) => HoldsAsync(
        () => Book.Count >= Sent.Sum(s => s.Sends), () => $"{Sent.Sum(s => s.Sends)} settlements, {Book.Count} so far", limit);

    /// <summary>Waits; what the agent wrote is told when it was in vain.</summary>
    public Task HoldsAsync(Func<bool> condition, Func<string> what, TimeSpan? limit = null) =>
        Eventually.HoldsAsync(condition, () => $"{what()}; the agent wrote:\n{Output}", limit);

    public async ValueTask DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    private void Count(string where) => Kills[where] = Kills.GetValueOrDefault(where) + 1;
}
