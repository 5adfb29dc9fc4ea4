using System.Collections.Concurrent;
using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Docs;

/// <summary>The examples of docs/stomp.md: what stands in a region stands there word for word, and runs here.</summary>
public sealed class StompExamples : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("opsagent-stomp-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_first_program()
    {
        #region A first program
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var client = new StompClient(new StompClientOptions { Endpoints = [broker.Endpoint] });
        var received = new TaskCompletionSource<string>();

        client.Subscribe(
            new StompSubscribeOptions { Destination = "/queue/work", AckMode = StompAckMode.ClientIndividual },
            async message =>
            {
                await client.AckAsync(message);
                received.TrySetResult(message.GetText());
            });

        client.Start();
        await client.WaitConnectedAsync(TimeSpan.FromSeconds(30));
        await client.SendConfirmedAsync(new StompOutgoing("/queue/work", "hello"));

        Console.WriteLine(await received.Task);
        await client.DisconnectAsync(TimeSpan.FromSeconds(5));
        #endregion

        Assert.Equal("hello", await received.Task);
        Assert.Equal(StompConnectionState.Closed, client.State);
    }

    [Fact]
    public async Task Options()
    {
        using var certificates = new TestCertificates(_folder);
        var caFile = certificates.CaFile;

        #region Options
        var options = new StompClientOptions
        {
            Endpoints = [new("broker-1.example.org", 61614), new("broker-2.example.org", 61614)],
            Login = "ops",
            Passcode = Environment.GetEnvironmentVariable("BROKER_PASSCODE"),
            Tls = new StompTlsOptions { CaFile = caFile },
        };
        #endregion

        await using var client = new StompClient(options);
        Assert.Equal(StompConnectionState.NotStarted, client.State);
        Assert.Equal(2, options.Endpoints.Count);
    }

    [Fact]
    public async Task Acks_in_batches()
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var client = new StompClient(new StompClientOptions { Endpoints = [broker.Endpoint] });
        var journal = new MemoryStream();

        #region Acks in batches
        var stored = new List<StompMessage>();
        client.Subscribe(
            new StompSubscribeOptions
            {
                Destination = "/queue/work",
                AckMode = StompAckMode.ClientIndividual,
                Headers = [new("activemq.prefetchSize", "200")],
            },
            async message =>
            {
                await journal.WriteAsync(message.Body);
                stored.Add(message);
                if (stored.Count == 100)
                {
                    await journal.FlushAsync();
                    await client.AckAsync(stored);
                    stored.Clear();
                }
            });
        #endregion

        client.Start();
        await client.WaitConnectedAsync();
        for (var n = 0; n < 200; n++)
        {
            await client.SendAsync(new StompOutgoing("/queue/work", "x"));
        }

        await Eventually.HoldsAsync(() => journal.Length == 200 && broker.Messages == 0, "200 messages stored and acked");
    }

    [Fact]
    public async Task Many_confirmed_sends()
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var client = new StompClient(new StompClientOptions { Endpoints = [broker.Endpoint] });
        client.Start();
        await client.WaitConnectedAsync();

        #region Many confirmed sends
        var sends = Enumerable.Range(1, 1000).Select(n => client.SendConfirmedAsync(new StompOutgoing("/queue/work", $"job {n}")));
        await Task.WhenAll(sends);
        #endregion

        Assert.Equal(1000, Assert.Single(broker.Queues).Waiting);
    }

    [Fact]
    public async Task Sending_until_it_has_arrived()
    {
        await using var server = new ScriptedStompServer();
        await using var client = new StompClient(new StompClientOptions { Endpoints = [new("127.0.0.1", server.Port)] });
        client.Start();
        var sending = SendAsync(client, CancellationToken.None);

        var first = await server.GrantAsync();
        var lost = await first.ExpectAsync("SEND");
        first.Drop();
        var second = await server.GrantAsync();
        var again = await second.ExpectAsync("SEND");
        await second.SendFrameAsync("RECEIPT", [("receipt-id", again["receipt"]!)], "");

        await sending.WaitAsync(Eventually.Limit);
        Assert.Equal(lost["request-id"], again["request-id"]);
    }

    [Fact]
    public async Task What_happens_to_the_connection()
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var client = new StompClient(new StompClientOptions { Endpoints = [broker.Endpoint] });
        var lines = new ConcurrentQueue<string>();

        #region What happens to the connection
        client.Changed += (_, change) => lines.Enqueue(change.Kind switch
        {
            StompChangeKind.Connecting => $"trying {change.Endpoint}",
            StompChangeKind.Connected => $"connected to {change.Endpoint}: {change.Server}, STOMP {change.Version}",
            StompChangeKind.ConnectFailed => $"no connection to {change.Endpoint}: {change.Reason}",
            _ => $"lost {change.Endpoint}: {change.Reason}",
        });
        #endregion

        client.Start();
        await client.WaitConnectedAsync();
        await client.DisconnectAsync(Eventually.Limit);
        Assert.Equal([$"trying {broker.Endpoint}", "connected", "lost"], lines.Select((l, i) => i == 0 ? l : l.Split(' ')[0]));
    }

    [Fact]
    public async Task A_broker_for_tests()
    {
        #region A broker for tests
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions
        {
            Users = new Dictionary<string, string> { ["ops"] = "secret" },
            Limits = new StompBrokerLimits { MaxMessages = 10_000 },
        });
        await using var client = new StompClient(new StompClientOptions
        {
            Endpoints = [broker.Endpoint],
            Login = "ops",
            Passcode = "secret",
        });
        client.Start();
        await client.WaitConnectedAsync(TimeSpan.FromSeconds(30));
        await client.SendConfirmedAsync(new StompOutgoing("/queue/work", "hello"));

        var queue = broker.Queues.Single(q => q.Destination == "/queue/work");
        Console.WriteLine($"{queue.Waiting} waiting, {queue.HandedOut} handed out, {queue.Consumers} consumers");
        #endregion

        Assert.Equal(new StompBrokerQueue("/queue/work", 1, 0, 0), queue);
    }

    [Fact]
    public async Task A_handler_without_a_broker()
    {
        var handled = new List<string>();
        ValueTask HandleAsync(StompMessage message)
        {
            handled.Add($"{message.MessageId}: {message.GetText()}");
            return ValueTask.CompletedTask;
        }

        #region A handler without a broker
        var headers = new StompHeaders([new("destination", "/queue/work"), new("message-id", "m-1")]);
        await HandleAsync(new StompMessage(headers, "hello"u8.ToArray()));
        #endregion

        Assert.Equal(["m-1: hello"], handled);
    }

    #region Sending until it has arrived
    static async Task SendAsync(StompClient client, CancellationToken stop)
    {
        var order = new StompOutgoing("/queue/orders", """{"order": 7}""")
        {
            Headers = [new("persistent", "true"), new("request-id", Guid.NewGuid().ToString())],
        };
        while (true)
        {
            await client.WaitConnectedAsync(stop);
            try
            {
                await client.SendConfirmedAsync(order, stop);
                return;
            }
            catch (StompNotConnectedException)
            {
                // The connection ended just now: nothing was sent.
            }
            catch (StompConnectionLostException lost) when (lost.Refusal is null)
            {
                // It may have arrived. Sent again under the same request-id, by which the receiver knows it.
            }
        }
    }
    #endregion
}
