using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class TransactionTests
{
    [Fact]
    public async Task What_was_sent_and_acked_happens_at_COMMIT()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var ack = await HoldAsync(peer);
        await peer.DoAsync("BEGIN", "transaction:t");
        await peer.PublishAsync("/queue/b", "one", "transaction:t");
        await peer.PublishAsync("/queue/b", "two", "transaction:t");
        await peer.DoAsync("ACK", $"id:{ack}", "transaction:t");
        Assert.Equal([new StompBrokerQueue("/queue/a", 0, 1, 1)], broker.Queues);

        await peer.DoAsync("COMMIT", "transaction:t");
        Assert.Equal([new StompBrokerQueue("/queue/a", 0, 0, 1), new StompBrokerQueue("/queue/b", 2, 0, 0)], broker.Queues);
        Assert.Equal(2, broker.Messages);
        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:2", "destination:/queue/b"]));
        var message = await peer.ExpectAsync("MESSAGE");
        Assert.Null(message.Headers.Get("transaction"));
        Assert.Equal(["one", "two"], [RawPeer.BodyOf(message), await peer.ExpectBodyAsync()]);
    }

    [Fact]
    public async Task ABORT_leaves_everything_as_it_was()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var ack = await HoldAsync(peer);
        await peer.DoAsync("BEGIN", "transaction:t");
        await peer.PublishAsync("/queue/b", "one", "transaction:t");
        await peer.DoAsync("NACK", $"id:{ack}", "transaction:t");
        await peer.DoAsync("ABORT", "transaction:t");

        Assert.Equal([new StompBrokerQueue("/queue/a", 0, 1, 1)], broker.Queues);
        Assert.Equal(1, broker.Messages);
        await peer.DoAsync("ACK", $"id:{ack}");
        Assert.Equal(0, broker.Messages);
    }

    [Fact]
    public async Task A_lost_connection_aborts()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var ack = await HoldAsync(peer);
        await peer.DoAsync("BEGIN", "transaction:t");
        await peer.PublishAsync("/queue/b", "one", "transaction:t");
        await peer.DoAsync("ACK", $"id:{ack}", "transaction:t");
        peer.Drop();

        await Eventually.HoldsAsync(() => broker.Connections == 0, "the broker sees the reset");
        Assert.Equal([new StompBrokerQueue("/queue/a", 1, 0, 0)], broker.Queues);
        Assert.Equal(1, broker.Messages);
    }

    [Fact]
    public async Task A_message_is_answered_once_inside_or_outside()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var ack = await HoldAsync(peer);
        await peer.DoAsync("BEGIN", "transaction:t");
        await peer.DoAsync("ACK", $"id:{ack}", "transaction:t");
        await peer.SendAsync(RawPeer.Frame("ACK", [$"id:{ack}"]));

        await peer.ExpectErrorAsync("unknown, or answered before");
    }

    [Fact]
    public async Task What_was_given_back_meanwhile_can_not_be_committed()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var ack = await HoldAsync(peer);
        await peer.DoAsync("BEGIN", "transaction:t");
        await peer.PublishAsync("/queue/b", "one", "transaction:t");
        await peer.DoAsync("ACK", $"id:{ack}", "transaction:t");
        await peer.DoAsync("UNSUBSCRIBE", "id:1");
        await peer.SendAsync(RawPeer.Frame("COMMIT", ["transaction:t"]));

        await peer.ExpectErrorAsync("a message that the client no longer has");
        Assert.Equal([new StompBrokerQueue("/queue/a", 1, 0, 0)], broker.Queues);
        Assert.Equal(1, broker.Messages);
    }

    [Fact]
    public async Task An_ACK_of_all_leaves_what_a_transaction_has_answered_to_it()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var first = await HoldAsync(peer, "client");
        await peer.PublishAsync("/queue/a", "second");
        var second = (await peer.ExpectAsync("MESSAGE")).Headers.Get("ack");
        await peer.DoAsync("BEGIN", "transaction:t");
        await peer.DoAsync("NACK", $"id:{first}", "transaction:t");
        await peer.DoAsync("ACK", $"id:{second}");
        Assert.Equal([new StompBrokerQueue("/queue/a", 0, 1, 1)], broker.Queues);

        await peer.DoAsync("COMMIT", "transaction:t");
        Assert.Equal([new StompBrokerQueue("/queue/DLQ.a", 1, 0, 0), new StompBrokerQueue("/queue/a", 0, 0, 1)], broker.Queues);
    }

    /// <summary>A message that the peer has un-acked; its ack id.</summary>
    private static async Task<string> HoldAsync(RawPeer peer, string mode = "client-individual")
    {
        await peer.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a", $"ack:{mode}");
        await peer.PublishAsync("/queue/a", "held");
        return (await peer.ExpectAsync("MESSAGE")).Headers.Get("ack")!;
    }
}
