using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Bodies come as they were sent.</summary>
public abstract class BodyContract(ContractBroker broker) : BrokerContract(broker)
{
    private const int Large = 4_000_000;

    [SuiteTheory]
    [InlineData("größer 🎈\n", 5_000, false)]
    [InlineData("größer 🎈\0", 5_000, true)]
    [InlineData("", 1, false)]
    [InlineData("", 1, true)]
    [InlineData("\r\n\n", 1, false)]
    public async Task Text_comes_as_it_was_sent_with_and_without_content_length(string piece, int times, bool contentLength)
    {
        var text = string.Concat(Enumerable.Repeat(piece, times));

        Assert.Equal(text, Encoding.UTF8.GetString(await SentAsync(Encoding.UTF8.GetBytes(text), contentLength)));
    }

    [SuiteTheory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Bytes_that_are_no_text_come_as_they_were_sent(bool contentLength)
    {
        // A body without content-length can hold every octet but NUL.
        var bytes = Enumerable.Range(contentLength ? 0 : 1, contentLength ? 256 : 255).Select(i => (byte)i).ToArray();

        Assert.Equal(bytes, await SentAsync(bytes, contentLength));
    }

    [SuiteTheory]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task A_body_as_large_as_four_megabytes_passes_in_each_version(string version)
    {
        var bytes = Enumerable.Range(0, Large).Select(i => (byte)i).ToArray();

        Assert.Equal(bytes, await SentAsync(bytes, contentLength: true, version));
    }

    [SuiteFact]
    public async Task A_length_that_was_not_sent_is_told_only_where_listed()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();
        client.Subscribe(queue, StompAckMode.Auto);

        await client.SendAsync(queue, "five!"u8.ToArray(), contentLength: true);
        await client.SendAsync(queue, "five!"u8.ToArray(), contentLength: false);

        Assert.Equal("5", (await client.ReceivesAsync()).Headers.Get("content-length"));
        Assert.Equal(Traits.AlwaysTellsLength ? "5" : null, (await client.ReceivesAsync(2)).Headers.Get("content-length"));
    }

    [SuiteFact]
    public async Task A_message_over_the_clients_limit_is_handed_on_acked_and_does_not_come_back()
    {
        var queue = NewQueue();
        var options = Options with { Limits = new StompLimits { MaxBodyBytes = 1000 } };
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

        await LeavesAsync(queue, []);
    }

    private async Task<byte[]> SentAsync(byte[] body, bool contentLength, string version = "1.2")
    {
        var queue = NewQueue();
        await using var client = await BrokerClient.ConnectedAsync(Options with
        {
            AcceptVersions = [version],
            Limits = new StompLimits { MaxBodyBytes = Large, MaxWaitingBytes = Large },
        });
        client.Subscribe(queue, StompAckMode.Auto);
        await client.SendAsync(queue, body, contentLength);
        return (await client.ReceivesAsync()).Body.ToArray();
    }
}
