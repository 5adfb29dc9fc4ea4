using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>What was not acked when its connection ended comes again.</summary>
public abstract class RedeliveryContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteTheory]
    [InlineData(StompAckMode.Client, true)]
    [InlineData(StompAckMode.Client, false)]
    [InlineData(StompAckMode.ClientIndividual, true)]
    [InlineData(StompAckMode.ClientIndividual, false)]
    public async Task After_a_loss_or_DISCONNECT_it_comes_again_marked_and_in_order(StompAckMode mode, bool disconnect)
    {
        var queue = NewQueue();
        var ids = new List<string>();
        await using (var client = await ConnectAsync())
        {
            client.Subscribe(queue, mode);
            await client.SendNumberedAsync(queue, 5);
            await client.ReceivesAsync(5);
            Assert.All(client.Messages, m => Assert.NotEqual("true", m.Headers.Get("redelivered")));
            ids.AddRange(client.Messages.Select(m => m.MessageId));
            if (disconnect)
            {
                await client.LeaveAsync();
            }
        }

        await using var next = await ConnectAsync();
        next.Subscribe(queue, mode);
        await next.ReceivesAsync(5);
        await next.SendAsync(queue, "last");
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "last"], await next.ReceivesUntilAsync("last"));
        Assert.All(next.Messages.Take(5), m => Assert.Equal("true", m.Headers.Get("redelivered")));
        Assert.NotEqual("true", next.Messages.Last().Headers.Get("redelivered"));
        Assert.Equal(Traits.MessageIdSurvives ? ids : [], next.Messages.Select(m => m.MessageId).Intersect(ids));
    }

    [SuiteFact]
    public async Task When_DISCONNECT_is_confirmed_it_stands_before_all_that_came_after_it()
    {
        var queue = NewQueue();
        await using (var client = await ConnectAsync())
        {
            // The others wait behind its window.
            client.Subscribe(queue, StompAckMode.ClientIndividual, Window(3));
            await client.SendNumberedAsync(queue, 6);
            await client.ReceivesAsync(3);
            await client.LeaveAsync();
        }

        await using var next = await ConnectAsync();
        await next.SendAsync(queue, "later");
        next.Subscribe(queue);
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "m5", "later"], await next.ReceivesUntilAsync("later"));
    }

    [SuiteFact]
    public async Task It_goes_at_once_to_a_consumer_that_is_there()
    {
        var queue = NewQueue();
        await using var stayer = await ConnectAsync();
        await using (var loser = await ConnectAsync())
        {
            await loser.SubscribedAsync(queue);
            await loser.SendNumberedAsync(queue, 5);
            await loser.ReceivesAsync(5);
            await stayer.SubscribedAsync(queue);
            Assert.Empty(stayer.Messages);
        }

        await stayer.ReceivesAsync(5);
        Assert.Equal(["m0", "m1", "m2", "m3", "m4"], stayer.Texts);
    }

    [SuiteFact]
    public async Task What_two_lost_consumers_held_comes_again_in_the_queues_order_where_listed()
    {
        var queue = NewQueue();
        await using (var one = await ConnectAsync())
        {
            await using var two = await ConnectAsync();
            await one.SubscribedAsync(queue);
            await two.SubscribedAsync(queue);
            await one.SendNumberedAsync(queue, 8);
            await Eventually.HoldsAsync(() => one.Messages.Count + two.Messages.Count == 8, "8 messages");
        }

        await using var next = await ConnectAsync();
        next.Subscribe(queue);
        await next.ReceivesAsync(8);
        Assert.Equal(Enumerable.Range(0, 8).Select(i => $"m{i}"), Traits.RestoresOrderOfSeveral ? next.Texts : next.Texts.Order());
    }

    [SuiteFact]
    public async Task Through_many_losses_nothing_is_lost_and_nothing_acked_comes_back()
    {
        const int Count = 300;
        var queue = NewQueue();
        var random = new Random(4711);
        var acked = new HashSet<string>();
        await using var sender = await ConnectAsync();
        await sender.SendNumberedAsync(queue, Count);
        for (var round = 0; round < 12; round++)
        {
            await using var one = await ConnectAsync();
            await using var two = await ConnectAsync();
            one.Subscribe(queue);
            two.Subscribe(queue);
            await Eventually.HoldsAsync(() => one.Messages.Count + two.Messages.Count >= Count - acked.Count, "what is left, between the two");
            foreach (var client in new[] { one, two })
            {
                Assert.Empty(client.Texts.Intersect(acked));
                var some = client.Messages.Where(_ => random.Next(10) == 0).ToArray();
                await client.AckAsync(some);
                acked.UnionWith(some.Select(BrokerClient.Text));
            }
        }

        Assert.NotEmpty(acked);
        await using var last = await ConnectAsync();
        last.Subscribe(queue, StompAckMode.Auto);
        await last.ReceivesAsync(Count - acked.Count);
        await last.SendAsync(queue, "last");
        var expected = Enumerable.Range(0, Count).Select(i => $"m{i}").Where(t => !acked.Contains(t)).Append("last");
        Assert.Equal(expected.Order(), (await last.ReceivesUntilAsync("last")).Order());
    }

    [SuiteFact]
    public async Task It_comes_again_as_often_as_it_takes()
    {
        var queue = NewQueue();
        await using var sender = await ConnectAsync();
        await sender.SendNumberedAsync(queue, 2);
        for (var i = 0; i < 12; i++)
        {
            await using var client = await ConnectAsync();
            client.Subscribe(queue);
            await client.ReceivesAsync(2);
        }

        await LeavesAsync(queue, ["m0", "m1"]);
    }

    [SuiteFact]
    public async Task After_UNSUBSCRIBE_it_comes_again_at_once_or_with_the_connections_end_as_listed()
    {
        var queue = NewQueue();
        await using (var leaver = await ConnectAsync())
        {
            var subscription = leaver.Subscribe(queue);
            await leaver.SendNumberedAsync(queue, 3);
            await leaver.ReceivesAsync(3);
            await subscription.UnsubscribeAsync();
            await leaver.FenceAsync();
            await using var next = await ConnectAsync();
            next.Subscribe(queue);
            await next.SendAsync(queue, "last");
            var came = await next.ReceivesUntilAsync("last");
            Assert.Equal(Traits.UnsubscribeGivesBack ? ["m0", "m1", "m2", "last"] : ["last"], came);
            await next.AckAsync([.. next.Messages]);
            await leaver.LeaveAsync();
        }

        await LeavesAsync(queue, Traits.UnsubscribeGivesBack ? [] : ["m0", "m1", "m2"]);
    }
}
