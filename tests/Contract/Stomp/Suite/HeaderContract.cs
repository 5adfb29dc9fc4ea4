using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Headers of messages: what a sender sets comes to the receiver, and no more than it may set.</summary>
public abstract class HeaderContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteTheory]
    [InlineData("1.0", "plain, with spaces and größer")]
    [InlineData("1.1", " a:b\\c\nd ")]
    [InlineData("1.2", " a:b\\c\nd\r ")]
    public async Task Each_version_carries_what_it_can_write(string version, string value)
    {
        var queue = NewQueue();
        await using var client = await BrokerClient.ConnectedAsync(Options with { AcceptVersions = [version] });
        client.Subscribe(queue, StompAckMode.Auto);
        var name = version == "1.0" ? "note-ü" : "no:te\n\\ü";

        await client.SendAsync(queue, "x", new KeyValuePair<string, string>(name, value));

        var message = await client.ReceivesAsync();
        Assert.Equal((value, queue), (message.Headers.Get(name), message.Destination));
    }

    [SuiteFact]
    public async Task What_others_are_used_to_send_along_comes_along()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        client.Subscribe(queue, StompAckMode.Auto);
        KeyValuePair<string, string>[] headers =
        [
            new("content-type", "application/json;charset=utf-8"), new("correlation-id", "c-1"), new("reply-to", "/queue/replies"),
            new("persistent", "true"), new("priority", "7"), new("type", "task"), new("vo", "eic"), new("empty", ""), new("x-y.z", "1"),
        ];

        await client.SendAsync(queue, "x", headers);

        var message = await client.ReceivesAsync();
        Assert.All(headers, h => Assert.Equal(h.Value, message.Headers.Get(h.Key)));
    }

    [SuiteFact]
    public async Task A_hundred_headers_pass()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        client.Subscribe(queue, StompAckMode.Auto);
        var headers = Enumerable.Range(0, 100).Select(i => new KeyValuePair<string, string>($"h{i}", new string('v', i))).ToArray();

        await client.SendAsync(queue, "x", headers);

        var message = await client.ReceivesAsync();
        Assert.All(headers, h => Assert.Equal(h.Value, message.Headers.Get(h.Key)));
    }

    [SuiteFact]
    public async Task Of_a_repeated_header_the_first_counts()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        client.Subscribe(queue, StompAckMode.Auto);

        await client.SendAsync(queue, "x", new("twice", "one"), new("twice", "two"));

        Assert.Equal("one", (await client.ReceivesAsync()).Headers.Get("twice"));
    }

    [SuiteTheory]
    [InlineData("ack")]
    [InlineData("subscription")]
    [InlineData("redelivered")]
    public async Task A_sender_cannot_forge_what_the_broker_tells_of_a_delivery(string name)
    {
        var queue = NewQueue();
        await using (var client = await ConnectAsync())
        {
            var subscription = client.Subscribe(queue);
            await client.SendAsync(queue, "x", new KeyValuePair<string, string>(name, "true"));

            var message = await client.ReceivesAsync();
            Assert.Equal(subscription.Id, message.Headers.Get("subscription"));
            Assert.NotEqual("true", message.Headers.Get("redelivered"));
            await client.AckAsync(message);
            await client.LeaveAsync();
        }

        await LeavesAsync(queue, []);
    }

    [SuiteFact]
    public async Task A_timestamp_is_the_brokers_or_the_senders_where_listed()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        client.Subscribe(queue, StompAckMode.Auto);
        var before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

        await client.SendAsync(queue, "plain");
        await client.SendAsync(queue, "stamped", new KeyValuePair<string, string>("timestamp", "1000000000000"));

        var now = (await client.ReceivesAsync()).Headers.Get("timestamp");
        Assert.Equal(Traits.StampsTime, now is not null);
        Assert.True(now is null || (long.Parse(now) >= before && long.Parse(now) <= TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds()), now);
        Assert.Equal(Traits.SenderSetsTimestamp, (await client.ReceivesAsync(2)).Headers.Get("timestamp") == "1000000000000");
    }
}
