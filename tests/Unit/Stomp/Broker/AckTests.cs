using OpsAgent.Stomp.Broker;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class AckTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task In_the_mode_client_an_ACK_counts_for_all_before_it(string version)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker, version);
        var messages = await ReceiveAsync(peer, "client", 5);

        await peer.DoAsync("ACK", Names(version, messages[2]));
        Assert.Equal([new StompBrokerQueue("/queue/a", 0, 2, 1)], broker.Queues);
    }

    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task In_the_mode_client_individual_an_ACK_counts_for_its_own_message(string version)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker, version);
        var messages = await ReceiveAsync(peer, "client-individual", 5);

        await peer.DoAsync("ACK", Names(version, messages[2]));
        Assert.Equal([new StompBrokerQueue("/queue/a", 0, 4, 1)], broker.Queues);
    }

    [Theory]
    [InlineData("1.0", "client")]
    [InlineData("1.1", "client")]
    [InlineData("1.2", "client")]
    [InlineData("1.2", "client-individual")]
    public async Task A_second_ACK_of_a_message_is_an_ERROR(string version, string mode)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker, version);
        var messages = await ReceiveAsync(peer, mode, 2);
        await peer.DoAsync("ACK", Names(version, messages[0]));
        await peer.SendAsync(RawPeer.Frame("ACK", Names(version, messages[0])));

        await peer.ExpectErrorAsync("unknown, or answered before");
        Assert.Equal([new StompBrokerQueue("/queue/a", 1, 0, 0)], broker.Queues);
    }

    [Fact]
    public async Task In_1_1_the_subscription_is_part_of_the_name()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker, "1.1");
        var message = (await ReceiveAsync(peer, "client", 1))[0];
        await peer.SendAsync(RawPeer.Frame("ACK", [$"message-id:{message.Headers.Get("message-id")}", "subscription:other"]));

        await peer.ExpectErrorAsync("unknown, or answered before");
    }

    [Fact]
    public async Task An_ack_id_of_one_connection_is_nothing_on_another()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var one = await RawPeer.ConnectedAsync(broker);
        var message = (await ReceiveAsync(one, "client", 1))[0];
        using var other = await RawPeer.ConnectedAsync(broker);
        await other.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a", "ack:client");
        await one.DoAsync("UNSUBSCRIBE", "id:1");
        await other.ExpectAsync("MESSAGE");
        await other.SendAsync(RawPeer.Frame("ACK", Names("1.2", message)));

        await other.ExpectErrorAsync("unknown, or answered before");
    }

    [Fact]
    public async Task What_needs_no_ACK_has_no_ack_header_and_gets_an_ERROR_for_one()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        var message = (await ReceiveAsync(peer, "auto", 1))[0];
        Assert.Null(message.Headers.Get("ack"));
        await peer.SendAsync(RawPeer.Frame("ACK", [$"id:{message.Headers.Get("message-id")}"]));

        await peer.ExpectErrorAsync("unknown, or answered before");
    }

    [Theory]
    [InlineData("client-individual", new[] { "m1" }, 2)]
    [InlineData("client", new[] { "m0", "m1" }, 1)]
    public async Task What_is_refused_waits_in_the_dead_letter_queue_with_its_id_and_without_its_expiry(string mode, string[] refused, int left)
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var peer = await RawPeer.ConnectedAsync(broker, "1.1");
        var messages = await ReceiveAsync(peer, mode, 3, $"expires:{time.GetUtcNow().ToUnixTimeMilliseconds() + 1000}", "kind:test");
        await peer.DoAsync("NACK", Names("1.1", messages[1]));
        Assert.Equal(
            [new StompBrokerQueue("/queue/DLQ.a", refused.Length, 0, 0), new StompBrokerQueue("/queue/a", 0, left, 1)],
            broker.Queues);

        time.Advance(TimeSpan.FromMinutes(1));
        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:2", "destination:/queue/DLQ.a", "ack:client-individual"]));
        foreach (var body in refused)
        {
            var letter = await peer.ExpectAsync("MESSAGE");
            Assert.Equal(body, RawPeer.BodyOf(letter));
            Assert.Equal("/queue/DLQ.a", letter.Headers.Get("destination"));
            Assert.Equal("/queue/a", letter.Headers.Get("original-destination"));
            Assert.Equal("test", letter.Headers.Get("kind"));
            Assert.Null(letter.Headers.Get("expires"));
            Assert.Contains(messages, m => m.Headers.Get("message-id") == letter.Headers.Get("message-id") && RawPeer.BodyOf(m) == body);
            await peer.SendAsync(RawPeer.Frame("NACK", [$"message-id:{letter.Headers.Get("message-id")}", "subscription:2"]));
        }

        // Refused there too: that is its end.
        await peer.DoAsync("SEND", "destination:/topic/none");
        Assert.Equal(left, broker.Messages);
    }

    private static string[] Names(string version, StompFrame message) => version switch
    {
        "1.2" => [$"id:{message.Headers.Get("ack")}"],
        "1.1" => [$"message-id:{message.Headers.Get("message-id")}", $"subscription:{message.Headers.Get("subscription")}"],
        _ => [$"message-id:{message.Headers.Get("message-id")}"],
    };

    private static async Task<List<StompFrame>> ReceiveAsync(RawPeer peer, string mode, int count, params string[] headers)
    {
        await peer.DoAsync("SUBSCRIBE", "id:1", "destination:/queue/a", $"ack:{mode}");
        var messages = new List<StompFrame>();
        for (var i = 0; i < count; i++)
        {
            await peer.PublishAsync("/queue/a", $"m{i}", headers);
            messages.Add(await peer.ExpectAsync("MESSAGE"));
        }

        return messages;
    }
}
