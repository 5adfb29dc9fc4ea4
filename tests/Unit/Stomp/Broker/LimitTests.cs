using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class LimitTests
{
    [Fact]
    public async Task A_SEND_beyond_what_may_be_held_is_refused_and_what_is_held_stays()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxMessages = 3 });
        using var peer = await RawPeer.ConnectedAsync(broker);
        for (var i = 0; i < 4; i++)
        {
            await peer.PublishAsync("/queue/a", "x", $"receipt:{i}");
        }

        foreach (var receipt in new[] { "0", "1", "2" })
        {
            Assert.Equal(receipt, (await peer.ExpectAsync("RECEIPT")).Headers.Get("receipt-id"));
        }

        Assert.Equal("3", (await peer.ExpectErrorAsync("/queue/a is full: the broker holds 3 messages")).Headers.Get("receipt-id"));
        Assert.Equal(3, broker.Messages);
    }

    [Fact]
    public async Task Bytes_are_bounded_too()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxMessageBytes = 10_000 });
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("SEND", "destination:/queue/a", $"big:{new string('x', 4000)}");
        await peer.PublishAsync("/queue/a", new string('x', 4000));

        await peer.ExpectErrorAsync("/queue/a is full");
    }

    [Fact]
    public async Task A_topic_without_subscribers_is_never_full()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxMessages = 1 });
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("SEND", "destination:/queue/a");
        await peer.DoAsync("SEND", "destination:/topic/a");

        await peer.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a");
        await peer.PublishAsync("/topic/a", "x");
        await peer.ExpectErrorAsync("/topic/a is full");
    }

    [Fact]
    public async Task What_has_expired_makes_room()
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxMessages = 2 }, time);
        using var peer = await RawPeer.ConnectedAsync(broker);
        var soon = $"expires:{time.GetUtcNow().ToUnixTimeMilliseconds() + 1000}";
        await peer.DoAsync("SEND", "destination:/queue/a");
        await peer.DoAsync("SEND", "destination:/queue/b", soon);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(2, broker.Messages);
        await peer.DoAsync("SEND", "destination:/queue/c");

        Assert.Equal(["/queue/a", "/queue/c"], broker.Queues.Select(q => q.Destination));
    }

    [Fact]
    public async Task What_has_expired_is_swept_from_queues_that_nobody_reads()
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("SEND", "destination:/queue/a", $"expires:{time.GetUtcNow().ToUnixTimeMilliseconds() + 1000}");
        await peer.DoAsync("SEND", "destination:/queue/a", "expires:0", "n:2");
        await peer.DoAsync("SEND", "destination:/queue/a", $"expires:{time.GetUtcNow().ToUnixTimeMilliseconds() + 60_000}", "n:3");
        time.Advance(TimeSpan.FromSeconds(10));
        Assert.Equal(2, broker.Messages);
        time.Advance(TimeSpan.FromMinutes(2));
        Assert.Equal(1, broker.Messages);

        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));
        Assert.Equal("2", (await peer.ExpectAsync("MESSAGE")).Headers.Get("n"));
    }

    [Fact]
    public async Task What_has_expired_is_not_handed_out()
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("SEND", "destination:/queue/a", $"expires:{time.GetUtcNow().ToUnixTimeMilliseconds() + 1000}", "n:1");
        await peer.DoAsync("SEND", "destination:/queue/a", "n:2");
        time.Advance(TimeSpan.FromSeconds(1));
        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));

        Assert.Equal("2", (await peer.ExpectAsync("MESSAGE")).Headers.Get("n"));
    }

    [Fact]
    public async Task Destinations_are_bounded_and_forgotten_when_unused()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxDestinations = 2 });
        using var peer = await RawPeer.ConnectedAsync(broker);
        for (var i = 0; i < 10; i++)
        {
            await peer.DoAsync("SUBSCRIBE", $"id:{i}", $"destination:/queue/{i}");
            await peer.DoAsync("UNSUBSCRIBE", $"id:{i}");
        }

        await peer.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a");
        await peer.DoAsync("SEND", "destination:/queue/b");
        await peer.DoAsync("SEND", "destination:/queue/b");
        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:2", "destination:/topic/c"]));
        await peer.ExpectErrorAsync("there are 2 queues and topics in use already");
    }

    [Fact]
    public async Task Subscriptions_and_transactions_of_a_connection_are_bounded()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxSubscriptions = 1, MaxTransactions = 1, MaxTransactionFrames = 1 });
        using var one = await RawPeer.ConnectedAsync(broker);
        await one.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a");
        await one.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:2", "destination:/queue/a"]));
        await one.ExpectErrorAsync("at most 1 subscriptions");

        using var two = await RawPeer.ConnectedAsync(broker);
        await two.DoAsync("BEGIN", "transaction:1");
        await two.SendAsync(RawPeer.Frame("BEGIN", ["transaction:2"]));
        await two.ExpectErrorAsync("at most 1 transactions");

        using var three = await RawPeer.ConnectedAsync(broker);
        await three.DoAsync("BEGIN", "transaction:1");
        await three.DoAsync("SEND", "destination:/queue/a", "transaction:1");
        await three.PublishAsync("/queue/a", "x", "transaction:1");
        await three.ExpectErrorAsync("a transaction has at most 1 frames");
        Assert.Equal(0, broker.Messages);
    }

    [Fact]
    public async Task What_a_transaction_holds_counts()
    {
        await using var broker = await BrokerUnderTest.StartAsync(new StompBrokerLimits { MaxMessages = 1 });
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("BEGIN", "transaction:1");
        await peer.DoAsync("SEND", "destination:/topic/nobody", "transaction:1");
        await peer.PublishAsync("/topic/nobody", "x", "transaction:1");

        await peer.ExpectErrorAsync("is full");
        Assert.Equal(0, broker.Messages);
    }
}
