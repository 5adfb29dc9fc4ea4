using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Artemis;

/// <summary>One after another: each starts an agent, and a small machine has room for one.</summary>
[CollectionDefinition(nameof(ArtemisScene), DisableParallelization = true)]
public sealed class ArtemisGroup;

/// <summary>The published agent on a scripted Artemis of its own, which keeps all that is said.</summary>
public sealed class ArtemisScene : IAsyncDisposable
{
    public const string Queue = "/queue/epicprod.ops";
    public const string Settled = "/topic/settled";
    public const string Events = "/topic/events";
    public const string Pong = "/queue/epicprod.ops.pong.here.1";

    private readonly TemporaryFolder _folder = new();

    public ArtemisScene(ArtemisOptions? options = null, params string[] settings)
    {
        Server = new ArtemisServer((options ?? new ArtemisOptions()) with { Login = "ops", Passcode = "in-the-clear" });
        Agent = new AgentUnderTest(
            _folder,
            new Dictionary<string, string>
            {
                ["ACTIVEMQ_HOST"] = "127.0.0.1",
                ["ACTIVEMQ_PORT"] = Server.Port.ToString(),
                ["ACTIVEMQ_USER"] = "ops",
                ["ACTIVEMQ_PASSWORD"] = "in-the-clear",
                ["EPICPROD_OPS_QUEUE"] = Queue,
                ["OPSAGENT_SETTLED_TOPIC"] = Settled,
            },
            ["--config", _folder.Write("prodops.toml", ArtemisManifest.Text(_folder)), "--set", $"events.topic={Events}", .. settings.SelectMany(s => new[] { "--set", s })]);
    }

    public ArtemisServer Server { get; }

    public AgentUnderTest Agent { get; }

    /// <summary>The settlements, in the order that the broker got them.</summary>
    public IReadOnlyList<JsonElement> Settlements => [.. Server.Sent(Settled).Select(m => JsonDocument.Parse(m.Body).RootElement)];

    /// <summary>
    /// One for each request that was settled. It is told at least once: a connection that ends before the receipt makes it come again.
    /// </summary>
    public IReadOnlyCollection<string> SettlementIds => Settlements.Select(s => s.GetProperty("settlement_id").GetString()!).ToHashSet();

    /// <summary>How often each request's doer was started.</summary>
    public IReadOnlyDictionary<string, int> Starts =>
        File.Exists(Book) ? File.ReadAllLines(Book).CountBy(line => line).ToDictionary() : new Dictionary<string, int>();

    private string Book => Path.Combine(Agent.CacheFolder, "book");

    /// <summary>Sends requests to run something once, numbered. None has a request_id: there is nothing but the message to know it by.</summary>
    public void SendOnce(IEnumerable<int> numbers)
    {
        foreach (var n in numbers)
        {
            Server.Send(Queue, $$"""{"msg_type":"once","n":"{{n}}"}""");
        }
    }

    /// <summary>There is one settlement for each of so many requests (it may be told twice), it is 'ok', and each doer was started once.</summary>
    public void EachWasDoneOnce(int requests)
    {
        Assert.Equal(requests, SettlementIds.Count);
        Assert.All(Settlements, s => Assert.Equal("ok", s.GetProperty("outcome").GetString()));
        Assert.Equal(requests, Starts.Count);
        Assert.All(Starts, s => Assert.True(s.Value == 1, $"{s.Key} was started {s.Value} times"));
    }

    public Task SettlesAsync(int count, TimeSpan? limit = null) =>
        HoldsAsync(() => SettlementIds.Count >= count, () => $"{count} settlements, {SettlementIds.Count} so far", limit);

    /// <summary>Nothing waits in the queue, and all that was delivered is acked.</summary>
    public Task IsDrainedAsync() => HoldsAsync(
        () => Server.Pending(Queue).Count == 0 && Server.Unacked(Queue).Count == 0,
        () => $"an empty queue; {Server.Pending(Queue).Count} wait, {Server.Unacked(Queue).Count} are not acked");

    /// <summary>Begins a stop that lasts until <see cref="LetGo"/>: what arrives from here on is held un-acked.</summary>
    public async Task DrainsAsync()
    {
        Server.Send(Queue, """{"msg_type":"wait_for","key":"1","request_id":"running"}""");
        await HoldsAsync(() => Server.Acked(Queue).Count == 1, () => "the request that runs");
        await HoldsAsync(() => Ping().GetProperty("running").GetInt32() == 1, () => "the doer runs");
        Agent.Process.Signal(PosixSignalNumber.Terminate);
        await Agent.Process.WritesAsync("draining");
    }

    /// <summary>Ends the doer that the stop waits for.</summary>
    public void LetGo() => File.WriteAllText(Path.Combine(Agent.CacheFolder, "go"), "");

    /// <summary>Pings and waits for the pong.</summary>
    public JsonElement Ping()
    {
        var before = Server.Sent(Pong).Count;
        Server.Send(Queue, $$"""{"msg_type":"health_ping","reply_to":"{{Pong}}"}""");
        Eventually.HoldsAsync(() => Server.Sent(Pong).Count > before, () => $"a pong; the agent wrote:\n{Agent.Process.Output}").GetAwaiter().GetResult();
        return JsonDocument.Parse(Server.Sent(Pong)[^1].Body).RootElement;
    }

    /// <summary>Waits; what the agent wrote is told when it was in vain.</summary>
    public Task HoldsAsync(Func<bool> condition, Func<string> what, TimeSpan? limit = null) =>
        Eventually.HoldsAsync(condition, () => $"{what()}; ERROR frames: {string.Join(" | ", Server.Errors)}; the agent wrote:\n{Agent.Process.Output}", limit);

    /// <summary>Whatever happened, the agent refused nothing by NACK and acked nothing twice.</summary>
    public void NeverMisbehaved()
    {
        Assert.DoesNotContain(Server.Frames, f => f.Command == "NACK");
        Assert.DoesNotContain(Server.Errors, e => e.StartsWith("AMQ339", StringComparison.Ordinal));
        Assert.Empty(Server.DeadLetters);
    }

    public async ValueTask DisposeAsync()
    {
        await Agent.DisposeAsync();
        await Server.DisposeAsync();
        _folder.Dispose();
    }
}
