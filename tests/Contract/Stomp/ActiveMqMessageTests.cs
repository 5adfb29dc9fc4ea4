using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp;

[Collection(ActiveMqCollection.Name)]
public sealed class ActiveMqMessageTests(SharedBroker shared)
{
    [ServerFact("activemq")]
    public async Task A_right_password_is_let_in()
    {
        await using var client = await BrokerClient.ConnectedAsync(BrokerClient.Options(shared.Broker));

        var connected = await client.SeesAsync(StompChangeKind.Connected);
        Assert.Equal("1.2", connected.Version);
        Assert.StartsWith("ActiveMQ/5.", connected.Server, StringComparison.Ordinal);
    }

    [ServerFact("activemq")]
    public async Task A_wrong_password_is_refused_with_the_brokers_reason()
    {
        await using var client = BrokerClient.Started(BrokerClient.Options(shared.Broker) with { Passcode = "wrong" });

        Assert.Contains("password is invalid", (await client.SeesAsync(StompChangeKind.ConnectFailed)).Reason);
        Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Connected);
    }

    [ServerTheory("activemq")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task Each_version_carries_bodies_headers_and_acks(string version)
    {
        var queue = $"/queue/{Guid.NewGuid():N}";
        var options = BrokerClient.Options(shared.Broker) with { AcceptVersions = [version] };
        await using (var client = await BrokerClient.ConnectedAsync(options))
        {
            Assert.Equal(version, (await client.SeesAsync(StompChangeKind.Connected)).Version);
            client.Subscribe(queue);
            var value = version == "1.0" ? "plain" : "a:b\\c\nd";
            await client.Client.SendConfirmedAsync(
                new StompOutgoing { Destination = queue, Body = "{\"ä\":1}"u8.ToArray(), Headers = [new("note", value)] },
                CancellationToken.None);

            var message = await client.ReceivesAsync();
            Assert.Equal(("{\"ä\":1}", value, queue), (BrokerClient.Text(message), message.Headers.Get("note"), message.Destination));
            Assert.True(await client.Client.AckAsync(message, CancellationToken.None));
            await client.LeaveAsync();
        }

        // Acked means gone: the next consumer gets only what was sent after.
        await using var next = await BrokerClient.ConnectedAsync(options);
        next.Subscribe(queue, StompAckMode.Auto);
        await next.SendAsync(queue, "last");
        Assert.Equal("last", BrokerClient.Text(await next.ReceivesAsync()));
    }

    [ServerTheory("activemq")]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_body_comes_as_it_was_sent_with_and_without_content_length(bool contentLength)
    {
        var queue = $"/queue/{Guid.NewGuid():N}";
        await using var client = await BrokerClient.ConnectedAsync(BrokerClient.Options(shared.Broker));
        client.Subscribe(queue, StompAckMode.Auto);
        var text = string.Concat(Enumerable.Repeat("größer 🎈\n", 5_000)) + (contentLength ? "\0end" : "");

        await client.SendAsync(queue, text, contentLength: contentLength);

        Assert.Equal(text, BrokerClient.Text(await client.ReceivesAsync()));
    }

    [ServerFact("activemq")]
    public async Task A_message_over_the_limit_is_handed_on_acked_and_does_not_come_back()
    {
        var queue = $"/queue/{Guid.NewGuid():N}";
        var options = BrokerClient.Options(shared.Broker) with { Limits = new StompLimits { MaxBodyBytes = 1000 } };
        await using (var client = await BrokerClient.ConnectedAsync(options))
        {
            client.Subscribe(queue);
            await client.SendAsync(queue, new string('x', 2_000_000));
            await client.SendAsync(queue, "small");
            Assert.True((await client.ReceivesAsync(1)).BodyTooLarge);
            Assert.Equal("small", BrokerClient.Text(await client.ReceivesAsync(2)));
            Assert.Equal(2, await client.Client.AckAsync([.. client.Messages], CancellationToken.None));
            await client.LeaveAsync();
            Assert.Single(client.Changes, c => c.Kind == StompChangeKind.Connected);
        }

        await using var next = await BrokerClient.ConnectedAsync(options);
        next.Subscribe(queue, StompAckMode.Auto);
        await next.SendAsync(queue, "last");
        Assert.Equal("last", BrokerClient.Text(await next.ReceivesAsync()));
    }

    [ServerFact("activemq")]
    public async Task What_was_acked_individually_is_gone_and_the_rest_comes_again_after_a_loss()
    {
        var queue = $"/queue/{Guid.NewGuid():N}";
        await using (var client = await BrokerClient.ConnectedAsync(BrokerClient.Options(shared.Broker)))
        {
            client.Subscribe(queue);
            for (var i = 0; i < 6; i++)
            {
                await client.SendAsync(queue, $"m{i}");
            }

            await client.ReceivesAsync(6);
            var odd = client.Messages.Where((_, i) => i % 2 == 1).ToList();
            Assert.Equal(3, await client.Client.AckAsync(odd, CancellationToken.None));

            // A receipt shows that the broker has taken the acks before it.
            await client.SendAsync($"{queue}.other", "after the acks");
        }

        await using var next = await BrokerClient.ConnectedAsync(BrokerClient.Options(shared.Broker));
        next.Subscribe(queue);
        await next.ReceivesAsync(3);
        await next.SendAsync(queue, "last");
        await next.ReceivesAsync(4);
        Assert.Equal(["m0", "m2", "m4", "last"], next.Messages.Select(BrokerClient.Text));
        Assert.Equal("true", next.Messages.First().Headers.Get("redelivered"));
    }

    [ServerFact("activemq")]
    public async Task Heart_beats_keep_an_idle_connection_up_on_both_sides()
    {
        var options = BrokerClient.Options(shared.Broker) with { HeartBeatSend = TimeSpan.FromSeconds(4), HeartBeatReceive = TimeSpan.FromSeconds(4) };
        await using var client = await BrokerClient.ConnectedAsync(options);

        // Longer than either side would bear: here time itself is what is tested.
        await Task.Delay(TimeSpan.FromSeconds(10), TimeProvider.System);

        Assert.DoesNotContain(client.Changes, c => c.Kind == StompChangeKind.Disconnected);
        await client.SendAsync($"/queue/{Guid.NewGuid():N}", "still there");
    }
}
