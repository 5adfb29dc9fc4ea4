using System.Collections.Concurrent;
using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Contract.Stomp;

/// <summary>A client of a real broker, and what came to it.</summary>
internal sealed class BrokerClient : IAsyncDisposable
{
    private BrokerClient(StompClientOptions options)
    {
        Client = new StompClient(options);
        Client.Changed += (_, change) => Changes.Enqueue(change);
    }

    public StompClient Client { get; }

    public ConcurrentQueue<StompConnectionChange> Changes { get; } = new();

    public ConcurrentQueue<StompMessage> Messages { get; } = new();

    public static StompClientOptions Options(ActiveMqBroker broker) => new()
    {
        Endpoints = [new StompEndpoint("127.0.0.1", broker.Port)],
        Login = ActiveMqBroker.Login,
        Passcode = ActiveMqBroker.Passcode,
    };

    public static StompClientOptions TlsOptions(ActiveMqBroker broker, StompTlsOptions tls) =>
        Options(broker) with { Endpoints = [new StompEndpoint("localhost", broker.TlsPort)], Tls = tls };

    public static BrokerClient Started(StompClientOptions options)
    {
        var client = new BrokerClient(options);
        client.Client.Start();
        return client;
    }

    public static async Task<BrokerClient> ConnectedAsync(StompClientOptions options)
    {
        var client = Started(options);
        try
        {
            await client.Client.WaitConnectedAsync(CancellationToken.None).WaitAsync(Eventually.Limit);
            return client;
        }
        catch (TimeoutException)
        {
            var seen = string.Join("; ", client.Changes.TakeLast(3));
            await client.DisposeAsync();
            throw new TimeoutException($"no connection: {seen}");
        }
    }

    public StompSubscription Subscribe(string destination, StompAckMode mode = StompAckMode.ClientIndividual) => Client.Subscribe(
        new StompSubscribeOptions { Destination = destination, AckMode = mode },
        message =>
        {
            Messages.Enqueue(message);
            return ValueTask.CompletedTask;
        });

    public Task SendAsync(string destination, string text, bool persistent = false, bool contentLength = false) => Client.SendConfirmedAsync(
        new StompOutgoing
        {
            Destination = destination,
            Body = Encoding.UTF8.GetBytes(text),
            Headers = persistent ? [new("persistent", "true")] : [],
            ContentLength = contentLength,
        },
        CancellationToken.None).WaitAsync(Eventually.Limit);

    public async Task<StompMessage> ReceivesAsync(int number = 1)
    {
        await Eventually.HoldsAsync(() => Messages.Count >= number, $"message {number}");
        return Messages.ElementAt(number - 1);
    }

    public Task<StompConnectionChange> SeesAsync(StompChangeKind kind, int times = 1) => Eventually.IsAsync(
        () => Changes.Where(c => c.Kind == kind).Skip(times - 1).FirstOrDefault(),
        $"{kind}, {times} times; seen: {string.Join(", ", Changes)}");

    /// <summary>Ends in order: brokers give back at once what was not acked.</summary>
    public Task LeaveAsync() => Client.DisconnectAsync(Eventually.Limit);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    public static string Text(StompMessage message) => Encoding.UTF8.GetString(message.Body.Span);
}
