using OpsAgent.Stomp.Broker;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

/// <summary>
/// What must be true of one queue, step by step: which messages wait, who has which, and which are done with. It knows no more than
/// the clients do.
/// </summary>
internal sealed class QueueModel(StompBroker broker) : IDisposable
{
    private readonly List<QueueModelConsumer> _consumers = [];
    private readonly SortedSet<int> _waiting = [];
    private readonly Dictionary<int, string> _ids = [];
    private RawPeer? _sender;
    private int _sent;

    public IReadOnlyList<QueueModelConsumer> Consumers => _consumers;

    private StompBrokerQueue? Queue => broker.Queues.SingleOrDefault(q => q.Destination == "/queue/a");

    /// <summary>Messages that were refused, in the order of it.</summary>
    public List<int> Refused { get; } = [];

    public async Task SendAsync(int count)
    {
        _sender ??= await RawPeer.ConnectedAsync(broker);
        for (var i = 0; i < count; i++)
        {
            _waiting.Add(_sent);
            await _sender.PublishAsync("/queue/a", $"{_sent++}");
        }

        await _sender.DoAsync("SEND", "destination:/topic/none");
    }

    public async Task SubscribeAsync(string version, string mode, int window)
    {
        var consumer = new QueueModelConsumer(await RawPeer.ConnectedAsync(broker, version), version, mode, window);
        _consumers.Add(consumer);
        await consumer.Peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a", $"ack:{mode}", $"activemq.prefetchSize:{window}"]));
    }

    /// <summary>Answers one that the consumer has, and in the mode client those before it.</summary>
    public async Task AnswerAsync(QueueModelConsumer consumer, int which, bool accept, bool inTransaction, bool commit)
    {
        var position = which % consumer.Held.Count;
        var answered = consumer.Mode == "client" ? consumer.Held[..(position + 1)] : [consumer.Held[position]];
        await consumer.AnswerAsync(consumer.Held[position], accept, inTransaction, commit);
        if (inTransaction && !commit)
        {
            return;
        }

        consumer.Held.RemoveAll(answered.Contains);
        if (!accept)
        {
            Refused.AddRange(answered.Select(h => h.Number));
        }
    }

    /// <summary>Ends a consumer; what it has waits again.</summary>
    public async Task EndAsync(QueueModelConsumer consumer, int how)
    {
        switch (how % 3)
        {
            case 0:
                await consumer.Peer.DoAsync("DISCONNECT");
                break;
            case 1:
                await consumer.Peer.DoAsync("UNSUBSCRIBE", "id:1");
                break;
            default:
                consumer.Peer.Drop();
                await Eventually.HoldsAsync(() => (Queue?.Consumers ?? 0) < _consumers.Count, "the broker sees the reset");
                break;
        }

        _consumers.Remove(consumer);
        _waiting.UnionWith(consumer.Held.Select(h => h.Number));
        consumer.Peer.Dispose();
    }

    /// <summary>Takes what consumers were given since, and checks that it is what they had to be given.</summary>
    public async Task CheckAsync()
    {
        if (_consumers.Exists(c => c.Mode == "auto"))
        {
            // Its window opens when a write is done, so what waits goes to it bit by bit.
            await Eventually.HoldsAsync(
                () => Queue is { Waiting: 0 } queue && queue.Consumers == _consumers.Count,
                "nothing waits beside an auto consumer");
        }

        var given = new List<int>();
        foreach (var consumer in _consumers)
        {
            var messages = await consumer.TakeAsync();
            Assert.Equal(messages.OrderBy(m => int.Parse(RawPeer.BodyOf(m))), messages);
            foreach (var message in messages)
            {
                var number = int.Parse(RawPeer.BodyOf(message));
                Assert.True(_waiting.Remove(number), $"{number} was given out while it did not wait");
                var id = message.Headers.Get("message-id")!;
                Assert.Equal(!_ids.TryAdd(number, id), message.Headers.Get("redelivered") == "true");
                Assert.Equal(_ids[number], id);
                given.Add(number);
            }

            Assert.True(consumer.Held.Count <= consumer.Window, "more un-acked than asked for");
        }

        // From the front, and to whom there is room with.
        Assert.True(_waiting.Count == 0 || given.All(g => g < _waiting.Min), $"given {string.Join(' ', given)}, while {string.Join(' ', _waiting)} wait");
        Assert.True(_waiting.Count == 0 || _consumers.TrueForAll(c => c.Held.Count == c.Window), "there is room, and something waits");
    }

    /// <summary>Nothing but what waits is left, in order, once all consumers are gone.</summary>
    public async Task CheckRestAsync()
    {
        while (_consumers.Count > 0)
        {
            await EndAsync(_consumers[0], 0);
            await CheckAsync();
        }

        Assert.Equal(_waiting, await DrainAsync("/queue/a"));
        Assert.Equal(Refused, await DrainAsync("/queue/DLQ.a"));
        await Eventually.HoldsAsync(() => broker is { Messages: 0, MessageBytes: 0, Queues.Count: 0 }, "nothing is left");
    }

    public void Dispose()
    {
        _consumers.ForEach(c => c.Peer.Dispose());
        _sender?.Dispose();
    }

    private async Task<List<int>> DrainAsync(string queue)
    {
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", $"destination:{queue}", "activemq.prefetchSize:100000"]));
        var rest = (await peer.TakeAsync()).Select(m => int.Parse(RawPeer.BodyOf(m))).ToList();
        await peer.DoAsync("DISCONNECT");
        return rest;
    }
}

/// <summary>A consumer, and what it has.</summary>
internal sealed record QueueModelConsumer(RawPeer Peer, string Version, string Mode, int Window)
{
    private int _transactions;

    public List<(int Number, StompFrame Message)> Held { get; } = [];

    public async Task<List<StompFrame>> TakeAsync()
    {
        var messages = await Peer.TakeAsync();
        if (Mode != "auto")
        {
            Held.AddRange(messages.Select(m => (int.Parse(RawPeer.BodyOf(m)), m)));
        }

        return messages;
    }

    public async Task AnswerAsync((int Number, StompFrame Message) held, bool accept, bool inTransaction, bool commit)
    {
        var id = held.Message.Headers.Get("message-id");
        List<string> headers = Version switch
        {
            "1.2" => [$"id:{held.Message.Headers.Get("ack")}"],
            "1.1" => [$"message-id:{id}", "subscription:1"],
            _ => [$"message-id:{id}"],
        };
        if (inTransaction)
        {
            headers.Add($"transaction:{++_transactions}");
            await Peer.SendAsync(RawPeer.Frame("BEGIN", headers[^1..]));
        }

        await Peer.SendAsync(RawPeer.Frame(accept ? "ACK" : "NACK", headers));
        if (inTransaction)
        {
            await Peer.SendAsync(RawPeer.Frame(commit ? "COMMIT" : "ABORT", headers[^1..]));
        }
    }
}
