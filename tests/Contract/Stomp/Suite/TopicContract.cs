using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Topics: each message goes to all who listen at that moment, and is kept for nobody.</summary>
public abstract class TopicContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteFact]
    public async Task A_message_goes_to_every_subscriber_its_sender_included()
    {
        var topic = NewTopic();
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();
        await one.SubscribedAsync(topic, StompAckMode.Auto);
        await two.SubscribedAsync(topic);

        await one.SendNumberedAsync(topic, 3);

        Assert.Equal(["m0", "m1", "m2"], await one.ReceivesUntilAsync("m2"));
        Assert.Equal(["m0", "m1", "m2"], await two.ReceivesUntilAsync("m2"));
    }

    [SuiteFact]
    public async Task What_was_sent_before_a_subscription_is_not_kept_for_it()
    {
        var topic = NewTopic();
        await using var client = await ConnectAsync();
        await client.SendAsync(topic, "to nobody");
        await client.SubscribedAsync(topic, StompAckMode.Auto);
        await client.SendAsync(topic, "last");

        Assert.Equal(["last"], await client.ReceivesUntilAsync("last"));
    }

    [SuiteFact]
    public async Task What_one_subscriber_did_not_ack_goes_to_no_other()
    {
        var topic = NewTopic();
        await using (var lost = await ConnectAsync())
        {
            await lost.SubscribedAsync(topic);
            await lost.SendAsync(topic, "not acked");
            await lost.ReceivesAsync();
            await lost.LeaveAsync();
        }

        await using var next = await ConnectAsync();
        await next.SubscribedAsync(topic, StompAckMode.Auto);
        await next.SendAsync(topic, "last");
        Assert.Equal(["last"], await next.ReceivesUntilAsync("last"));
    }

    [SuiteFact]
    public async Task After_UNSUBSCRIBE_nothing_comes_any_more()
    {
        var topic = NewTopic();
        await using var raw = await ConnectRawAsync();
        await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{topic}", "receipt:subscribed");
        await raw.UntilReceiptAsync("subscribed");
        await raw.SendAsync("UNSUBSCRIBE", "id:1", "receipt:unsubscribed");
        await raw.UntilReceiptAsync("unsubscribed");

        await raw.SendTextAsync("SEND", [$"destination:{topic}", "receipt:sent"], "to nobody");
        await raw.UntilReceiptAsync("sent");
        await raw.SendAsync("SUBSCRIBE", "id:2", $"destination:{topic}", "receipt:again");

        Assert.Empty(await raw.UntilReceiptAsync("again"));
    }

    [SuiteFact]
    public async Task A_queue_and_a_topic_of_one_name_are_two()
    {
        var topic = NewTopic();
        var queue = topic.Replace("/topic/", "/queue/", StringComparison.Ordinal);
        await using var listener = await ConnectAsync();
        await using var consumer = await ConnectAsync();
        await listener.SubscribedAsync(topic, StompAckMode.Auto);
        await consumer.SubscribedAsync(queue, StompAckMode.Auto);

        await listener.SendAsync(queue, "work");
        await listener.SendAsync(topic, "news");
        await listener.SendAsync(queue, "more work");

        Assert.Equal(["work", "more work"], await consumer.ReceivesUntilAsync("more work"));
        Assert.Equal(["news"], await listener.ReceivesUntilAsync("news"));
    }
}
