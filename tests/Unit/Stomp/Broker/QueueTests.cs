using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class QueueTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task What_is_sent_waits_and_arrives_in_order(string version)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var sender = await RawPeer.ConnectedAsync(broker, version);
        for (var i = 0; i < 100; i++)
        {
            await sender.PublishAsync("/queue/a", $"m{i}");
        }

        using var receiver = await RawPeer.ConnectedAsync(broker, version);
        await receiver.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));
        for (var i = 0; i < 100; i++)
        {
            Assert.Equal($"m{i}", await receiver.ExpectBodyAsync());
        }

        await Eventually.HoldsAsync(() => broker.Messages == 0 && broker.MessageBytes == 0, "what was written is done with");
    }

    [Fact]
    public async Task Each_message_goes_to_one_consumer_and_they_take_turns()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var one = await RawPeer.ConnectedAsync(broker);
        using var other = await RawPeer.ConnectedAsync(broker);
        await one.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a");
        await other.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a");
        for (var i = 0; i < 4; i++)
        {
            await one.PublishAsync("/queue/a", $"m{i}");
        }

        Assert.Equal(["m0", "m2"], [await one.ExpectBodyAsync(), await one.ExpectBodyAsync()]);
        Assert.Equal(["m1", "m3"], [await other.ExpectBodyAsync(), await other.ExpectBodyAsync()]);
    }

    [Fact]
    public async Task Who_leaves_does_not_take_the_next_one_s_turn()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        foreach (var id in new[] { 1, 2, 3 })
        {
            await peer.DoAsync("SUBSCRIBE", $"id:{id}", "destination:/queue/a");
        }

        var takers = new List<string?>();
        foreach (var leaves in new[] { 0, 0, 1, 0, 0 })
        {
            if (leaves > 0)
            {
                await peer.DoAsync("UNSUBSCRIBE", $"id:{leaves}");
            }

            await peer.PublishAsync("/queue/a", "x");
            takers.Add((await peer.ExpectAsync("MESSAGE")).Headers.Get("subscription"));
        }

        Assert.Equal(["1", "2", "3", "2", "3"], takers);
    }

    [Fact]
    public async Task What_was_not_written_yet_at_UNSUBSCRIBE_goes_to_the_next_and_is_not_written_any_more()
    {
        const int Count = 100;
        await using var broker = await BrokerUnderTest.StartAsync();
        using var slow = await RawPeer.ConnectedAsync(broker);
        await slow.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a", "ack:client-individual");
        using var other = await RawPeer.ConnectedAsync(broker);
        for (var i = 0; i < Count; i++)
        {
            await other.PublishAsync("/queue/a", new string('x', 200_000), $"n:{i}");
        }

        // First what the slow one has no room for, then what it gives back; it reads when all of that is in other hands.
        await other.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));
        var others = new List<StompFrame>();
        await TakeUntilAsync(() => broker.Queues is [{ Waiting: 0 }]);
        Assert.InRange(others.Count, 1, Count - 1);
        await slow.SendAsync(RawPeer.Frame("UNSUBSCRIBE", ["id:1"]));
        await TakeUntilAsync(() => others.Count == Count);
        var read = (await slow.TakeAsync()).Select(m => m.Headers.Get("n")).ToHashSet();

        Assert.NotEmpty(read);
        Assert.All(others, m => Assert.Equal(read.Contains(m.Headers.Get("n")), m.Headers.Get("redelivered") == "true"));

        async Task TakeUntilAsync(Func<bool> done)
        {
            using var limit = new CancellationTokenSource(Eventually.Limit);
            while (!done())
            {
                limit.Token.ThrowIfCancellationRequested();
                others.AddRange(await other.TakeAsync());
            }

            others.AddRange(await other.TakeAsync());
        }
    }

    [Fact]
    public async Task A_consumer_has_no_more_un_acked_than_it_asked_for()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a", "ack:client-individual", "activemq.prefetchSize:2");
        foreach (var body in new[] { "a", "b", "c" })
        {
            await peer.PublishAsync("/queue/a", body);
        }

        var first = await peer.ExpectAsync("MESSAGE");
        await peer.ExpectAsync("MESSAGE");
        await peer.DoAsync("SEND", "destination:/topic/none");
        Assert.Equal([new StompBrokerQueue("/queue/a", 1, 2, 1)], broker.Queues);

        await peer.SendAsync(RawPeer.Frame("ACK", [$"id:{first.Headers.Get("ack")}"]));
        Assert.Equal("c", await peer.ExpectBodyAsync());
    }

    [Fact]
    public async Task What_a_lost_client_did_not_ack_comes_back_in_order_in_front()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var lost = await RawPeer.ConnectedAsync(broker);
        await lost.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a", "ack:client-individual", "activemq.prefetchSize:3");
        for (var i = 0; i < 5; i++)
        {
            await lost.PublishAsync("/queue/a", $"m{i}");
        }

        await lost.ExpectAsync("MESSAGE");
        var second = await lost.ExpectAsync("MESSAGE");
        var third = await lost.ExpectAsync("MESSAGE");
        await lost.DoAsync("ACK", $"id:{second.Headers.Get("ack")}");
        lost.Drop();
        await Eventually.HoldsAsync(() => broker.Connections == 0, "the broker sees the reset");

        using var heir = await RawPeer.ConnectedAsync(broker);
        await heir.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a", "ack:client"]));
        Assert.Equal("m0", await heir.ExpectBodyAsync());
        var again = await heir.ExpectAsync("MESSAGE");
        Assert.Equal("m2", RawPeer.BodyOf(again));
        Assert.Equal("true", again.Headers.Get("redelivered"));
        Assert.Equal(third.Headers.Get("message-id"), again.Headers.Get("message-id"));
        Assert.True(Guid.TryParseExact(again.Headers.Get("message-id"), "D", out _));
        Assert.Equal("m3", await heir.ExpectBodyAsync());
        var last = await heir.ExpectAsync("MESSAGE");
        Assert.Equal("m4", RawPeer.BodyOf(last));
        Assert.Null(last.Headers.Get("redelivered"));

        await heir.DoAsync("ACK", $"id:{last.Headers.Get("ack")}");
        Assert.Equal(0, broker.Messages);
    }

    [Fact]
    public async Task What_could_not_be_written_to_a_consumer_goes_to_the_next_in_order()
    {
        const int Count = 200;
        await using var broker = await BrokerUnderTest.StartAsync();
        using var deaf = await RawPeer.ConnectedAsync(broker);
        await deaf.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a");
        using var sender = await RawPeer.ConnectedAsync(broker);
        for (var i = 0; i < Count; i++)
        {
            await sender.PublishAsync("/queue/a", new string('x', 100_000), $"n:{i}");
        }

        await sender.DoAsync("SEND", "destination:/topic/none");
        deaf.Drop();
        await Eventually.HoldsAsync(() => broker.Connections == 1, "the broker sees the reset");
        await sender.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));
        var first = await sender.ExpectAsync("MESSAGE");
        Assert.Equal("true", first.Headers.Get("redelivered"));
        for (var i = int.Parse(first.Headers.Get("n")!) + 1; i < Count; i++)
        {
            Assert.Equal($"{i}", (await sender.ExpectAsync("MESSAGE")).Headers.Get("n"));
        }

        await Eventually.HoldsAsync(() => broker.Messages == 0, "what was written is done with");
    }

    [Fact]
    public async Task The_client_of_this_library_sends_receives_and_acks()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        await using var client = await BrokerUnderTest.ConnectAsync(broker);
        var seen = new List<string>();
        client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a", AckMode = StompAckMode.ClientIndividual }, async message =>
        {
            seen.Add(System.Text.Encoding.UTF8.GetString(message.Body.Span));
            Assert.True(await client.AckAsync(message, CancellationToken.None));
        });
        for (var i = 0; i < 50; i++)
        {
            await client.SendConfirmedAsync(new StompOutgoing { Destination = "/queue/a", Body = new[] { (byte)('a' + (i % 26)) } }, CancellationToken.None);
        }

        await Eventually.HoldsAsync(() => seen.Count == 50 && broker.Messages == 0, "all came and were acked");
        Assert.Equal(Enumerable.Range(0, 50).Select(i => ((char)('a' + (i % 26))).ToString()), seen);
        await client.DisconnectAsync(Eventually.Limit);
        await Eventually.HoldsAsync(() => broker.Connections == 0, "the connection is gone");
    }
}
