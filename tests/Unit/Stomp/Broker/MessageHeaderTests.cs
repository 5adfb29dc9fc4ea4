using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class MessageHeaderTests
{
    [Theory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task The_sender_s_headers_arrive_and_the_broker_s_own_are_the_broker_s(string version)
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var peer = await RawPeer.ConnectedAsync(broker, version);
        await peer.DoAsync("SUBSCRIBE", "id:sub", "destination:/queue/a", "ack:client");
        await peer.SendAsync(
            "SEND\ndestination:/queue/a\nmessage-id:mine\nsubscription:mine\nack:mine\ntimestamp:1\nredelivered:true\nreceipt:r\n"
            + "persistent:true\npriority:7\nexpires:99999999999999\ncontent-type:text/plain\nx:1\nx:2\n\nbody\0");
        var message = await peer.ExpectAsync("MESSAGE");
        await peer.ExpectAsync("RECEIPT");

        string[] names = ["destination", "message-id", "timestamp", "subscription", "persistent", "priority", "expires", "content-type", "x", "x"];
        Assert.Equal(version == "1.2" ? [.. names, "ack"] : names, message.Headers.All.Select(h => h.Key).OrderBy(n => n == "ack"));
        Assert.Equal("/queue/a", message.Headers.Get("destination"));
        Assert.Equal("sub", message.Headers.Get("subscription"));
        Assert.Equal(time.GetUtcNow().ToUnixTimeMilliseconds().ToString(), message.Headers.Get("timestamp"));
        Assert.True(Guid.TryParseExact(message.Headers.Get("message-id"), "D", out _));
        Assert.Equal("99999999999999", message.Headers.Get("expires"));
        Assert.Equal(["1", "2"], message.Headers.All.Where(h => h.Key == "x").Select(h => h.Value));
    }

    [Fact]
    public async Task Text_arrives_as_text_and_bytes_as_bytes()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));
        await peer.PublishAsync("/queue/a", "text");
        await peer.PublishAsync("/queue/a", "b\0b", "content-length:3");

        Assert.Null((await peer.ExpectAsync("MESSAGE")).Headers.Get("content-length"));
        var bytes = await peer.ExpectAsync("MESSAGE");
        Assert.Equal("3", bytes.Headers.Get("content-length"));
        Assert.Equal("b\0b", RawPeer.BodyOf(bytes));
    }

    [Fact]
    public async Task Headers_are_escaped_as_each_receiver_s_version_wants_them_and_left_out_where_they_can_not_be()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var sender = await RawPeer.ConnectedAsync(broker, "1.2");
        foreach (var version in new[] { "1.0", "1.1", "1.2" })
        {
            using var receiver = await RawPeer.ConnectedAsync(broker, version);
            await receiver.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a");
            await sender.SendAsync("SEND\ndestination:/topic/a\nlines:a\\nb\nna\\cme:v\nback:\\\\slash\ncolon:a\\cb\n\nx\0");
            var headers = (await receiver.ExpectAsync("MESSAGE")).Headers;

            Assert.Equal(version == "1.0" ? null : "a\nb", headers.Get("lines"));
            Assert.Equal(version == "1.0" ? null : "v", headers.Get("na:me"));
            Assert.Equal("\\slash", headers.Get("back"));
            Assert.Equal("a:b", headers.Get("colon"));
        }
    }

    [Fact]
    public async Task In_1_0_a_subscription_needs_no_id()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker, "1.0");
        await peer.DoAsync("SUBSCRIBE", "destination:/queue/a", "ack:client");
        await peer.PublishAsync("/queue/a", "one");
        var message = await peer.ExpectAsync("MESSAGE");
        Assert.Null(message.Headers.Get("subscription"));
        await peer.DoAsync("ACK", $"message-id:{message.Headers.Get("message-id")}");
        await peer.DoAsync("UNSUBSCRIBE", "destination:/queue/a");

        Assert.Empty(broker.Queues);
    }

    [Fact]
    public async Task No_two_messages_have_one_id_over_restarts()
    {
        var ids = new List<string?>();
        for (var run = 0; run < 2; run++)
        {
            await using var broker = await BrokerUnderTest.StartAsync();
            using var peer = await RawPeer.ConnectedAsync(broker);
            await peer.SendAsync(RawPeer.Frame("SUBSCRIBE", ["id:1", "destination:/queue/a"]));
            for (var i = 0; i < 100; i++)
            {
                await peer.PublishAsync("/queue/a", "x");
                ids.Add((await peer.ExpectAsync("MESSAGE")).Headers.Get("message-id"));
            }
        }

        Assert.Equal(200, ids.Distinct().Count());
    }
}
