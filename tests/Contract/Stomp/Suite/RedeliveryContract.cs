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
    public async Task After_a_loss_or_DISCONNECT_it_comes_again_marked_and_in_order_before_what_came_later(StompAckMode mode, bool disconnect)
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
        await next.SendAsync(queue, "last");
        Assert.Equal(["m0", "m1", "m2", "m3", "m4", "last"], await next.ReceivesUntilAsync("last"));
        Assert.All(next.Messages.Take(5), m => Assert.Equal("true", m.Headers.Get("redelivered")));
        Assert.NotEqual("true", next.Messages.Last().Headers.Get("redelivered"));
        Assert.Equal(Traits.MessageIdSurvives ? ids : [], next.Messages.Select(m => m.MessageId).Intersect(ids));
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

        Assert.Equal(["m0", "m1", "last"], await LeftAsync(queue));
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
        }

        Assert.Equal(Traits.UnsubscribeGivesBack ? ["last"] : ["m0", "m1", "m2", "last"], await LeftAsync(queue));
    }
}
