using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>The published agent on the shared ActiveMQ with destinations of its own, and a client that keeps up with it.</summary>
internal sealed class BoundsScene : IAsyncDisposable
{
    private const int Warm = 100;
    private static readonly TimeSpan PongLimit = TimeSpan.FromSeconds(30);

    private readonly string _name = Guid.NewGuid().ToString("N")[..8];
    private readonly ConcurrentDictionary<string, JsonElement> _settled = new();
    private readonly Channel<JsonElement> _pongs = Channel.CreateUnbounded<JsonElement>();
    private readonly SemaphoreSlim _onePing = new(1);
    private readonly StompClient _client;
    private int _warm;
    private int _settlements;

    private readonly PongLine _line;

    private BoundsScene(int clientPort)
    {
        _line = PongLine.To(clientPort);
        _client = new StompClient(new StompClientOptions
        {
            Endpoints = [new StompEndpoint("127.0.0.1", clientPort)],
            Login = ActiveMqBroker.Login,
            Passcode = ActiveMqBroker.Passcode,
        });
    }

    public TemporaryFolder Folder { get; } = new();

    public AgentUnderTest Agent { get; private set; } = null!;

    /// <summary>Settlements so far, one that came again counted again.</summary>
    public int Settlements => Volatile.Read(ref _settlements);

    /// <summary>The last settlement of each request so far.</summary>
    public IReadOnlyDictionary<string, JsonElement> Settled => _settled;

    private string Queue => $"/queue/ops.{_name}";

    private string PongQueue => $"/queue/pong.{_name}";

    /// <param name="broker">The shared one.</param>
    /// <param name="environment">Over the scene's own.</param>
    /// <param name="settings">The agent's, as key=value.</param>
    public static async Task<BoundsScene> SetAsync(
        Broker broker, IReadOnlyDictionary<string, string>? environment = null, params string[] settings)
    {
        var scene = new BoundsScene(broker.ActiveMq.Port);
        var all = new Dictionary<string, string>
        {
            ["ACTIVEMQ_HOST"] = "127.0.0.1",
            ["ACTIVEMQ_PORT"] = $"{scene._line.Port}",
            ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
            ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
            ["EPICPROD_OPS_QUEUE"] = scene.Queue,
            ["OPSAGENT_SETTLED_TOPIC"] = $"/topic/settled.{scene._name}",
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            all[name] = value;
        }

        var config = scene.Folder.Write("prodops.toml", BoundsManifest.Text(scene.Folder));
        scene.Agent = new AgentUnderTest(
            scene.Folder, all, ["--config", config, "--set", $"events.topic=/topic/events.{scene._name}", .. settings.SelectMany(s => new[] { "--set", s })]);
        scene._client.Subscribe(new StompSubscribeOptions { Destination = all["OPSAGENT_SETTLED_TOPIC"] }, scene.TakeSettlement);
        scene._client.Subscribe(new StompSubscribeOptions { Destination = scene.PongQueue }, scene.TakePong);
        scene._client.Start();
        await scene._client.WaitConnectedAsync(PongLimit);
        return scene;
    }

    /// <summary>Sends a request; returns once it is handed to the connection.</summary>
    public ValueTask SendAsync(string type, int n, string more = "") => SendAsync($$"""{"msg_type":"{{type}}","n":"{{n}}","request_id":"{{type}}-{{n}}"{{more}}}""");

    /// <summary>Sends a ping and waits for its pong; one at a time, since a pong does not say which ping it answers.</summary>
    public async Task<Pong> PingAsync()
    {
        await _onePing.WaitAsync();
        try
        {
            var began = Stopwatch.GetTimestamp();
            await SendAsync($$"""{"msg_type":"health_ping","reply_to":"{{PongQueue}}"}""");
            var body = await _pongs.Reader.ReadAsync().AsTask().WaitAsync(PongLimit);
            return new Pong(body, _line.Last, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"no pong within {PongLimit.TotalSeconds} s; the agent wrote:\n{Agent.Process.Output}");
        }
        finally
        {
            _onePing.Release();
        }
    }

    /// <summary>Sends a ping whose pong nobody waits for. Not while others are sent.</summary>
    public ValueTask SendPingAsync() => SendAsync($$"""{"msg_type":"health_ping","reply_to":"{{PongQueue}}.unheard"}""");

    /// <summary>How long the first pongs since the last call took, from the arrival of their pings.</summary>
    public Spread TakePongs(int first) => new([.. _line.Take().Take(first).Order()]);

    /// <summary>Pings all the time, after the first of all, which find cold code.</summary>
    public async Task<Pings> PingAllTheTimeAsync()
    {
        for (; _warm < Warm; _warm++)
        {
            await PingAsync();
        }

        return Pings.Start(PingAsync);
    }

    /// <summary>Pings while something fails: memory stays bounded, and pongs come in time.</summary>
    public async Task MeasureAsync(ITestOutputHelper output, string what, Func<Pings, Task> failure)
    {
        await using var pings = await PingAllTheTimeAsync();
        await using var memory = ResidentMemory.Watch(Agent.Process.Pid);
        await failure(pings);
        var times = await pings.EndAsync();
        output.WriteLine($"{what}: {times}; at most {memory.Growth:0} MiB more than {memory.First:0}");
        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.InRange(times.FromArrival.P99, 0, Figure.PongMs);
    }

    /// <summary>Waits for what a pong says.</summary>
    public async Task PongSaysAsync(Func<JsonElement, bool> what, string name, TimeSpan? limit = null)
    {
        var last = await PingAsync();
        await Eventually.HoldsAsync(() => what((last = PingAsync().GetAwaiter().GetResult()).Body), () => $"{name}; the last pong was {last.Body}", limit);
    }

    /// <summary>Waits for a settlement.</summary>
    public async Task<string> OutcomeAsync(string requestId, TimeSpan? limit = null)
    {
        try
        {
            await Eventually.HoldsAsync(() => _settled.ContainsKey(requestId), $"the settlement of {requestId}", limit);
        }
        catch (TimeoutException e)
        {
            var why = await Agent.OpsCtlAsync("work", "why", requestId);
            var status = await Agent.OpsCtlAsync("status");
            throw new TimeoutException($"{e.Message}; {why.Output}{status.Output}the agent wrote:\n{Agent.Process.Output}", e);
        }

        return _settled[requestId].GetProperty("outcome").GetString()!;
    }

    /// <summary>Waits until what comes is dated so far from the true time.</summary>
    /// <param name="offset">So far.</param>
    /// <param name="first">The number of the first request that it sends, each is one more.</param>
    public async Task ClockIsOffAsync(TimeSpan offset, int first)
    {
        var watch = Stopwatch.StartNew();
        for (var n = first; ; n++)
        {
            await SendAsync("quick", n);
            await OutcomeAsync($"quick-{n}");
            var shown = JsonElement.Parse((await Agent.OpsCtlAsync("work", "show", $"quick-{n}", "-o", "json")).Output);
            var off = shown.GetProperty("request").GetProperty("received_at").GetDateTimeOffset() - TimeProvider.System.GetUtcNow();
            if ((off - offset).Duration() < TimeSpan.FromHours(1))
            {
                return;
            }

            Assert.True(watch.Elapsed < Eventually.Limit, $"the agent's clock is {off} off, not {offset}");
        }
    }

    /// <summary>Lets everything go that waits for the file.</summary>
    public void LetGo() => File.WriteAllText(Path.Combine(Agent.CacheFolder, "go"), "");

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await _client.DisposeAsync();
        await _line.DisposeAsync();
        _onePing.Dispose();
        Folder.Dispose();
    }

    private ValueTask SendAsync(string body) => _client.SendAsync(
        new StompOutgoing { Destination = Queue, Body = Encoding.UTF8.GetBytes(body), Headers = [new("persistent", "true")] });

    private ValueTask TakeSettlement(StompMessage message)
    {
        var settlement = JsonElement.Parse(message.Body.Span);
        Interlocked.Increment(ref _settlements);
        _settled[settlement.GetProperty("request_id").GetString()!] = settlement;
        return ValueTask.CompletedTask;
    }

    private ValueTask TakePong(StompMessage message)
    {
        _pongs.Writer.TryWrite(JsonElement.Parse(message.Body.Span));
        return ValueTask.CompletedTask;
    }
}

/// <summary>An answer.</summary>
/// <param name="Body">What it says.</param>
/// <param name="FromArrival">Milliseconds from the ping's arrival at the agent to its leaving there.</param>
/// <param name="FromSending">Milliseconds from the ping's sending to its coming.</param>
internal sealed record Pong(JsonElement Body, double FromArrival, double FromSending);
