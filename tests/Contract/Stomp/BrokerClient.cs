using System.Collections.Concurrent;
using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

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

    public IEnumerable<string> Texts => Messages.Select(Text);

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

    public StompSubscription Subscribe(
        string destination,
        StompAckMode mode = StompAckMode.ClientIndividual,
        params KeyValuePair<string, string>[] headers) => Client.Subscribe(
        new StompSubscribeOptions { Destination = destination, AckMode = mode, Headers = headers },
        message =>
        {
            Messages.Enqueue(message);
            return ValueTask.CompletedTask;
        });

    /// <summary>Returns when the broker knows the subscription: what is sent from then on by others reaches it.</summary>
    public async Task<StompSubscription> SubscribedAsync(
        string destination,
        StompAckMode mode = StompAckMode.ClientIndividual,
        params KeyValuePair<string, string>[] headers)
    {
        var subscription = Subscribe(destination, mode, headers);
        await FenceAsync();
        return subscription;
    }

    /// <summary>Returns when the broker has done all that was asked of it on this connection before.</summary>
    public Task FenceAsync() => SendAsync("/topic/contract-fence", "");

    public Task SendAsync(string destination, string text, params KeyValuePair<string, string>[] headers) =>
        SendAsync(destination, Encoding.UTF8.GetBytes(text), contentLength: false, headers);

    public Task SendAsync(string destination, ReadOnlyMemory<byte> body, bool contentLength, params KeyValuePair<string, string>[] headers) =>
        Client.SendConfirmedAsync(
            new StompOutgoing { Destination = destination, Body = body, Headers = headers, ContentLength = contentLength },
            CancellationToken.None).WaitAsync(Eventually.Limit);

    /// <summary>Sends m0, m1 and so on.</summary>
    public async Task SendNumberedAsync(string destination, int count)
    {
        for (var i = 0; i < count; i++)
        {
            await SendAsync(destination, $"m{i}");
        }
    }

    public async Task AckAsync(params StompMessage[] messages)
    {
        Assert.Equal(messages.Length, await Client.AckAsync(messages, CancellationToken.None));
        await FenceAsync();
    }

    public async Task<StompMessage> ReceivesAsync(int number = 1)
    {
        await Eventually.HoldsAsync(() => Messages.Count >= number, () => $"message {number}; came: {Messages.Count}, {string.Join("; ", Changes.TakeLast(2))}");
        return Messages.ElementAtOrDefault(number - 1)!;
    }

    /// <summary>What came, once a message of this text has come: proof that nothing else is on its way before it.</summary>
    public async Task<IReadOnlyList<string>> ReceivesUntilAsync(string text)
    {
        await Eventually.HoldsAsync(() => Texts.Contains(text), () => $"'{text}'; came: {string.Join(", ", Texts)}");
        return [.. Texts];
    }

    public Task<StompConnectionChange> SeesAsync(StompChangeKind kind, int times = 1) => Eventually.IsAsync(
        () => Changes.Where(c => c.Kind == kind).Skip(times - 1).FirstOrDefault(),
        $"{kind}, {times} times; seen: {string.Join(", ", Changes)}");

    /// <summary>Ends in order: brokers give back at once what was not acked.</summary>
    public Task LeaveAsync() => Client.DisconnectAsync(Eventually.Limit);

    public ValueTask DisposeAsync() => Client.DisposeAsync();

    public static string Text(StompMessage message) => Encoding.UTF8.GetString(message.Body.Span);
}
