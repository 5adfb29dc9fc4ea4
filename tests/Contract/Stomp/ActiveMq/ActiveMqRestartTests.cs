using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.ActiveMq;

[Collection(ActiveMqCollection.Name)]
public sealed class ActiveMqRestartTests
{
    private static readonly KeyValuePair<string, string> Persistent = new("persistent", "true");

    [ServerFact("activemq")]
    public async Task After_a_kill_of_the_broker_the_client_is_back_subscribed_and_nothing_unacked_is_lost()
    {
        await using var broker = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        await using var client = await BrokerClient.ConnectedAsync(SharedActiveMq.PlainOptions(broker));
        client.Subscribe("/queue/work");
        for (var i = 0; i < 10; i++)
        {
            await client.SendAsync("/queue/work", $"m{i}", Persistent);
        }

        await client.ReceivesAsync(10);
        var acked = client.Messages.Take(4).ToList();
        Assert.Equal(4, await client.Client.AckAsync(acked, CancellationToken.None));
        await client.SendAsync("/queue/other", "after the acks", Persistent);

        await broker.KillAsync();
        await client.SeesAsync(StompChangeKind.Disconnected);
        await client.SeesAsync(StompChangeKind.ConnectFailed);
        await Assert.ThrowsAsync<StompNotConnectedException>(() => client.SendAsync("/queue/work", "nobody is there"));
        var before = client.Messages.Count;
        await broker.StartAgainAsync();
        await client.SeesAsync(StompChangeKind.Connected, times: 2);

        await client.ReceivesAsync(before + 6);
        await client.SendAsync("/queue/work", "last");
        await client.ReceivesAsync(before + 7);
        var again = client.Messages.Skip(before).ToList();
        Assert.Equal(["m4", "m5", "m6", "m7", "m8", "m9", "last"], again.Select(BrokerClient.Text));
        Assert.All(again, m => Assert.Equal(2, m.Connection));
        Assert.Equal(0, await client.Client.AckAsync([.. client.Messages.Take(10)], CancellationToken.None));
        Assert.Equal(7, await client.Client.AckAsync(again, CancellationToken.None));

        await client.SendAsync("/queue/other", "after the acks", Persistent);

        // A clean stop is ridden out in the same way.
        await broker.StopAsync();
        await client.SeesAsync(StompChangeKind.Disconnected, times: 2);
        await broker.StartAgainAsync();
        await client.SeesAsync(StompChangeKind.Connected, times: 3);
        await client.SendAsync("/queue/work", "after the stop");
        Assert.Equal("after the stop", BrokerClient.Text(await client.ReceivesAsync(before + 8)));
    }
}
