using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class TopicTests
{
    [Fact]
    public async Task Everybody_who_is_there_gets_a_message_and_who_comes_later_does_not()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var one = await RawPeer.ConnectedAsync(broker);
        using var other = await RawPeer.ConnectedAsync(broker, "1.1");
        await one.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a");
        await one.DoAsync("SUBSCRIBE", "id:2", "destination:/topic/a");
        await one.PublishAsync("/topic/a", "first");
        var twice = new[] { await one.ExpectAsync("MESSAGE"), await one.ExpectAsync("MESSAGE") };
        Assert.Equal(["1", "2"], twice.Select(m => m.Headers.Get("subscription")!));
        Assert.Equal(twice[0].Headers.Get("message-id"), twice[1].Headers.Get("message-id"));

        await other.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a");
        await one.DoAsync("UNSUBSCRIBE", "id:2");
        await one.PublishAsync("/topic/a", "second");
        Assert.Equal("second", await one.ExpectBodyAsync());
        Assert.Equal("second", await other.ExpectBodyAsync());
        await Eventually.HoldsAsync(() => broker.Messages == 0, "what was written is done with");
        Assert.Empty(broker.Queues);
    }

    [Theory]
    [InlineData("ACK")]
    [InlineData("NACK")]
    public async Task What_its_subscriber_has_to_answer_waits_for_it_alone(string answer)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.DoAsync("SUBSCRIBE", "id:1", "destination:/topic/a", "ack:client-individual", "activemq.prefetchSize:1");
        await peer.PublishAsync("/topic/a", "one");
        await peer.PublishAsync("/topic/a", "two");
        var message = await peer.ExpectAsync("MESSAGE");
        await peer.DoAsync("SEND", "destination:/topic/none");
        Assert.Equal(2, broker.Messages);

        await peer.SendAsync(RawPeer.Frame(answer, [$"id:{message.Headers.Get("ack")}"]));
        Assert.Equal("two", await peer.ExpectBodyAsync());
        await peer.DoAsync("UNSUBSCRIBE", "id:1");
        Assert.Equal(0, broker.Messages);
        Assert.Equal(0, broker.MessageBytes);
    }

    [Fact]
    public async Task The_client_of_this_library_is_handed_what_another_publishes()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        await using var listener = await BrokerUnderTest.ConnectAsync(broker);
        await using var publisher = await BrokerUnderTest.ConnectAsync(broker);
        var seen = new TaskCompletionSource<StompMessage>();
        listener.Subscribe(new StompSubscribeOptions { Destination = "/topic/a" }, m =>
        {
            seen.TrySetResult(m);
            return ValueTask.CompletedTask;
        });

        // A topic keeps nothing, so the first ones may come before the subscription.
        await Eventually.HoldsAsync(
            () =>
            {
                publisher.SendConfirmedAsync(new StompOutgoing { Destination = "/topic/a", Body = "x"u8.ToArray() }, CancellationToken.None).GetAwaiter().GetResult();
                return seen.Task.IsCompleted;
            },
            "one comes");
        Assert.Equal("/topic/a", (await seen.Task).Destination);
    }
}
