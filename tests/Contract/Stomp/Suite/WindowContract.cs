using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>How much a consumer is given before it acks.</summary>
public abstract class WindowContract(ContractBroker broker) : BrokerContract(broker)
{
    private const int Backlog = 1500;

    [SuiteFact]
    public async Task A_window_that_was_asked_for_is_kept_and_moves_with_each_ack()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        await client.SendNumberedAsync(queue, 20);
        client.Subscribe(queue, StompAckMode.ClientIndividual, Window(3));

        await client.ReceivesAsync(Traits.WindowHeader is null ? 20 : 3);
        await client.FenceAsync();
        if (Traits.WindowHeader is not null)
        {
            Assert.Equal(["m0", "m1", "m2"], client.Texts);
            await client.AckAsync(client.Messages.ElementAt(1));
            await client.ReceivesAsync(4);
            await client.AckAsync(client.Messages.ElementAt(0), client.Messages.ElementAt(3));
            await client.ReceivesAsync(6);
            await client.FenceAsync();
        }

        Assert.Equal(Enumerable.Range(0, Traits.WindowHeader is null ? 20 : 6).Select(i => $"m{i}"), client.Texts);
    }

    [SuiteFact]
    public async Task Without_one_a_consumer_that_acks_nothing_is_given_what_is_listed()
    {
        var queue = NewQueue();
        await using var consumer = await ConnectAsync();
        await consumer.SubscribedAsync(queue);
        await using var sender = await ConnectAsync();
        await Task.WhenAll(Enumerable.Range(0, Backlog).Select(i => sender.SendAsync(queue, $"m{i}")));

        await consumer.ReceivesAsync(Traits.DefaultWindow ?? Backlog);
        await consumer.FenceAsync();

        Assert.Equal(Traits.DefaultWindow ?? Backlog, consumer.Messages.Count);
        await consumer.AckAsync([.. consumer.Messages]);
        await consumer.ReceivesAsync(Backlog);
        Assert.Equal(Enumerable.Range(0, Backlog).Select(i => $"m{i}"), consumer.Texts);
    }
}
