using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Chaos;

/// <summary>
/// SIGKILL at random moments under load, with a real broker: nothing that was sent is lost, and what must not be started twice
/// is not. The doers keep a book of their own, which is what counts.
/// </summary>
public sealed class KillTests(ITestOutputHelper output) : IAsyncLifetime
{
    private const int Requests = 240;
    private const int Kills = 8;
    private const string Queue = "/queue/ops.kill";
    private const string Settled = "/topic/settled.kill";

    private readonly TemporaryFolder _folder = new();
    private readonly SettlementBook _book = new();
    private ActiveMqBroker _broker = null!;
    private StompClient _client = null!;
    private AgentUnderTest _agent = null!;

    public async Task InitializeAsync()
    {
        _broker = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        _client = new StompClient(new StompClientOptions
        {
            Endpoints = [new StompEndpoint("localhost", _broker.Port)],
            Login = ActiveMqBroker.Login,
            Passcode = ActiveMqBroker.Passcode,
        });
        _client.Subscribe(new StompSubscribeOptions { Destination = Settled }, _book.Take);
        _client.Start();
        await _client.WaitConnectedAsync(CancellationToken.None);
        _agent = new AgentUnderTest(
            _folder,
            new Dictionary<string, string>
            {
                ["ACTIVEMQ_HOST"] = "localhost",
                ["ACTIVEMQ_PORT"] = _broker.Port.ToString(),
                ["ACTIVEMQ_USER"] = ActiveMqBroker.Login,
                ["ACTIVEMQ_PASSWORD"] = ActiveMqBroker.Passcode,
                ["EPICPROD_OPS_QUEUE"] = Queue,
                ["OPSAGENT_SETTLED_TOPIC"] = Settled,
            },
            "--config", _folder.Write("prodops.toml", BookManifest.Text(_folder)), "--set", "events.topic=/topic/events.kill");
    }

    public async Task DisposeAsync()
    {
        await _agent.DisposeAsync();
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
        _folder.Dispose();
    }

    [ServerFact("activemq")]
    public async Task Nothing_is_lost_and_no_report_work_is_started_twice()
    {
        var random = new Random(7);
        var sent = 0;
        await _agent.StartAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            for (var until = (kill + 1) * Requests / Kills; sent < until; sent++)
            {
                await SendAsync(sent % 2 == 0 ? "once" : "again", sent);
            }

            // A random moment of the work that was just sent: this is the one place where time is the condition.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 250)), TimeProvider.System);
            await _agent.KillAsync();
            await _agent.StartAsync();
        }

        await Eventually.HoldsAsync(
            () => _book.Requests == Requests, () => $"{Requests} settlements, {_book.Requests} so far; the agent wrote:\n{_agent.Process.Output}", TimeSpan.FromMinutes(3));

        var runs = File.ReadAllLines(_folder.At("tmp", "book")).CountBy(line => line).ToDictionary();
        output.WriteLine($"{runs.Values.Sum()} starts for {Requests} requests, {_book.Count("unknown")} in doubt after {Kills} kills");
        // A kill leaves in doubt what ran at that moment and no more: one a slot.
        Assert.InRange(_book.Count("unknown"), 0, Kills * BookManifest.Slots);
        for (var n = 0; n < Requests; n++)
        {
            var outcome = _book.Outcome($"k-{n}");
            var count = runs.GetValueOrDefault($"{(n % 2 == 0 ? "once" : "again")} {n}");
            if (n % 2 == 1)
            {
                Assert.True(outcome == "ok" && count >= 1, $"again {n}: {outcome}, run {count} times");
            }
            else
            {
                Assert.True(count <= 1, $"once {n} was started {count} times");
                Assert.True(outcome == "unknown" || (outcome == "ok" && count == 1), $"once {n}: {outcome}, run {count} times");
            }
        }
    }

    private Task SendAsync(string type, int n) => _client.SendConfirmedAsync(
        new StompOutgoing
        {
            Destination = Queue,
            Body = Encoding.UTF8.GetBytes($$"""{"msg_type":"{{type}}","n":"{{n}}","request_id":"k-{{n}}"}"""),
            Headers = [new("persistent", "true")],
        },
        CancellationToken.None);
}
