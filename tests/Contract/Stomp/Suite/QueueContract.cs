using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Queues: each message goes to one consumer, in order, and waits for it.</summary>
public abstract class QueueContract(ContractBroker broker) : BrokerContract(broker)
{
    private const int Many = 10_000;

    [SuiteFact]
    public async Task Messages_wait_for_their_consumer()
    {
        var queue = NewQueue();
        await using (var sender = await ConnectAsync())
        {
            await sender.SendNumberedAsync(queue, 5);
            await sender.LeaveAsync();
        }

        await using var consumer = await ConnectAsync();
        consumer.Subscribe(queue, StompAckMode.Auto);
        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], await consumer.ReceivesUntilAsync("m4"));
    }

    [SuiteFact]
    public async Task Two_consumers_share_and_no_message_goes_to_both()
    {
        var queue = NewQueue();
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();
        await one.SubscribedAsync(queue, StompAckMode.Auto);
        await two.SubscribedAsync(queue, StompAckMode.Auto);
        await using var sender = await ConnectAsync();

        await sender.SendNumberedAsync(queue, 40);

        await Eventually.HoldsAsync(() => one.Messages.Count + two.Messages.Count >= 40, "40 messages");
        Assert.Equal(Enumerable.Range(0, 40).Select(i => $"m{i}").Order(), one.Texts.Concat(two.Texts).Order());
        Assert.All([one, two], c => Assert.InRange(c.Messages.Count, 1, 39));
        Assert.All([one, two], c => Assert.Equal(c.Texts.OrderBy(t => int.Parse(t[1..])), c.Texts));
    }

    [SuiteFact]
    public async Task Ten_thousand_messages_come_in_order_each_once_with_an_id_of_its_own()
    {
        var queue = NewQueue();
        await using var consumer = await ConnectAsync();
        consumer.Client.Subscribe(
            new StompSubscribeOptions { Destination = queue, AckMode = StompAckMode.ClientIndividual },
            async message =>
            {
                await consumer.Client.AckAsync(message, CancellationToken.None);
                consumer.Messages.Enqueue(message);
            });
        await using var sender = await ConnectAsync();

        for (var i = 1; i < Many; i++)
        {
            await sender.Client.SendAsync(new StompOutgoing { Destination = queue, Body = Encoding.UTF8.GetBytes($"{i}") }, CancellationToken.None);
        }

        await sender.SendAsync(queue, $"{Many}");
        await consumer.ReceivesAsync(Many);
        await consumer.FenceAsync();
        await sender.SendAsync(queue, "last");
        await consumer.ReceivesAsync(Many + 1);
        Assert.Equal([.. Enumerable.Range(1, Many).Select(i => $"{i}"), "last"], consumer.Texts);
        Assert.Equal(Many + 1, consumer.Messages.Select(m => m.MessageId).Distinct().Count());
        Assert.Single(consumer.Changes, c => c.Kind == StompChangeKind.Connected);
    }

    [SuiteFact]
    public async Task Each_of_several_senders_keeps_its_order()
    {
        var queue = NewQueue();
        await using var consumer = await ConnectAsync();
        await consumer.SubscribedAsync(queue, StompAckMode.Auto);

        await Task.WhenAll(Enumerable.Range(0, 5).Select(async sender =>
        {
            await using var client = await ConnectAsync();
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => client.SendAsync(queue, $"{sender} {i}")));
        }));

        await consumer.ReceivesAsync(1000);
        Assert.All(
            consumer.Texts.GroupBy(t => t[0]),
            sender => Assert.Equal(Enumerable.Range(0, 200).Select(i => $"{sender.Key} {i}"), sender));
    }

    [SuiteFact]
    public async Task Two_subscriptions_of_one_connection_are_told_apart()
    {
        var (work, news) = (NewQueue(), NewTopic());
        await using var client = await ConnectAsync();
        var first = client.Subscribe(work);
        var second = client.Subscribe(news, StompAckMode.Auto);

        await client.SendAsync(work, "work");
        await client.SendAsync(news, "news");

        await client.ReceivesAsync(2);
        Assert.Equal(
            [(first.Id, "work"), (second.Id, "news")],
            client.Messages.Select(m => (m.Headers.Get("subscription"), BrokerClient.Text(m))).OrderByDescending(m => m.Item2));
    }

    [SuiteFact]
    public async Task Two_subscriptions_of_one_connection_to_one_queue_share_it()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        var ids = new[] { client.Subscribe(queue, StompAckMode.Auto).Id, client.Subscribe(queue, StompAckMode.Auto).Id };

        await client.SendNumberedAsync(queue, 20);

        await client.ReceivesAsync(20);
        await client.FenceAsync();
        Assert.Equal(20, client.Texts.Distinct().Count());
        Assert.Equal(20, client.Messages.Count);
        Assert.Equal(ids.Order(), client.Messages.Select(m => m.Headers.Get("subscription")!).Distinct().Order());
    }

    [SuiteFact]
    public async Task After_UNSUBSCRIBE_messages_go_to_the_others()
    {
        var queue = NewQueue();
        await using var leaver = await ConnectAsync();
        var subscription = leaver.Subscribe(queue, StompAckMode.Auto);
        await leaver.SendAsync(queue, "before");
        await leaver.ReceivesAsync();

        await subscription.UnsubscribeAsync();
        await leaver.SendAsync(queue, "after");

        await using var stayer = await ConnectAsync();
        stayer.Subscribe(queue, StompAckMode.Auto);
        Assert.Equal(["after"], await stayer.ReceivesUntilAsync("after"));
        Assert.Equal(["before"], leaver.Texts);
    }
}
