using System.Globalization;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.ActiveMq;

/// <summary>What reaches a consumer of the headers that only a broker should write, when a sender writes them.</summary>
[Collection(ActiveMqCollection.Name)]
public sealed class ForgedHeaderTests(SharedActiveMq shared)
{
    private static readonly KeyValuePair<string, string>[] Forged =
    [
        new("JMSXUserID", "forged"), new("JMSXUserID", "twice"), new("jmsxuserid", "lower"), new("message-id", "ID:forged-1-2-3:4:5:6:7"),
        new("JMSMessageID", "ID:forged-1-2-3:4:5:6:8"), new("subscription", "other"), new("ack", "other"), new("redelivered", "true"),
        new("JMSXDeliveryCount", "7"), new("timestamp", "1000000000000"),
    ];

    [ServerFact("activemq")]
    public async Task The_senders_login_is_the_brokers_word_or_not_there_whatever_the_sender_writes()
    {
        await using var vouching = await ActiveMqBroker.StartAsync(new ActiveMqOptions { VouchesForSenders = true });

        var (plain, forged) = await BothAsync(vouching);
        Assert.All([plain, forged], static m => Assert.Equal([ActiveMqBroker.Login], All(m, "JMSXUserID")));

        (plain, forged) = await BothAsync(shared.Broker);
        Assert.All([plain, forged], static m => Assert.Empty(All(m, "JMSXUserID")));
        Assert.Equal(["lower"], All(forged, "jmsxuserid"));
    }

    [ServerFact("activemq")]
    public async Task The_id_subscription_and_ack_of_a_message_are_the_brokers_and_the_senders_are_gone()
    {
        var (plain, forged) = await BothAsync(shared.Broker);

        foreach (var name in (string[])["message-id", "subscription", "ack"])
        {
            var value = Assert.Single(All(forged, name));
            Assert.DoesNotContain(value, Forged.Select(static f => f.Value));
            Assert.Equal(name == "subscription", value == Assert.Single(All(plain, name)));
        }
    }

    [ServerFact("activemq")]
    public async Task The_timestamp_and_whether_it_comes_again_are_the_senders_if_it_writes_them()
    {
        var began = TimeProvider.System.GetUtcNow().AddMinutes(-1);

        var (plain, forged) = await BothAsync(shared.Broker);

        var stamped = DateTimeOffset.FromUnixTimeMilliseconds(long.Parse(Assert.Single(All(plain, "timestamp")), CultureInfo.InvariantCulture));
        Assert.InRange(stamped, began, TimeProvider.System.GetUtcNow().AddMinutes(1));
        Assert.Equal(["1000000000000"], All(forged, "timestamp"));
        Assert.Equal(["true"], All(forged, "redelivered"));
    }

    private static async Task<(StompMessage Plain, StompMessage Forged)> BothAsync(ActiveMqBroker broker)
    {
        var queue = $"/queue/forged.{Guid.NewGuid():N}";
        await using var client = await BrokerClient.ConnectedAsync(SharedActiveMq.PlainOptions(broker));
        await client.SubscribedAsync(queue);
        await client.SendAsync(queue, "plain");
        await client.SendAsync(queue, "forged", Forged);
        return (await client.ReceivesAsync(), await client.ReceivesAsync(2));
    }

    private static string[] All(StompMessage message, string name) =>
        [.. message.Headers.All.Where(h => h.Key == name).Select(static h => h.Value)];
}
