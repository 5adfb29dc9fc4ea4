using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.Unit.Support.Artemis;

/// <summary>The scripted server counts a subscription's window in bytes, as Artemis does.</summary>
public sealed class ArtemisWindowTests : IAsyncLifetime
{
    private const string Queue = "/queue/q";
    private readonly ArtemisServer _server = new();

    public Task InitializeAsync()
    {
        for (var i = 0; i < 200; i++)
        {
            _server.Send(Queue, new string('x', 200));
        }

        return Task.CompletedTask;
    }

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Theory]
    [InlineData("", 10_240)]
    [InlineData("consumer-window-size:5000\n", 5_000)]
    [InlineData("activemq.prefetchSize:5000\n", 5_000)]
    [InlineData("activemq.prefetchSize:11000\nconsumer-window-size:5000\n", 5_000)]
    [InlineData("consumer-window-size:5000\nactivemq.prefetchSize:11000\n", 5_000)]
    public async Task The_window_is_in_bytes_of_frames_and_Artemis_own_header_goes_first(string headers, int window)
    {
        await using var client = await SubscribedAsync("client-individual", headers);

        var bytes = _server.Unacked(Queue).Sum(d => d.Bytes);
        Assert.InRange(bytes, window, window + _server.Unacked(Queue)[^1].Bytes - 1);
        Assert.Equal(window, Assert.Single(_server.Windows(Queue)));
    }

    [Fact]
    public async Task Some_thirty_requests_fill_the_default_window_and_an_ack_lets_the_next_through()
    {
        await using var client = await SubscribedAsync("client-individual", "");
        var before = _server.Unacked(Queue);
        Assert.InRange(before.Count, 20, 40);

        await client.NextAsync();
        await client.SendAsync($"ACK\nid:{before[0].MessageId}\n\n");

        await Eventually.HoldsAsync(() => _server.Deliveries(Queue).Count == before.Count + 1, "one more");
    }

    [Fact]
    public async Task A_window_of_nothing_is_one_message_at_a_time()
    {
        await using var client = await SubscribedAsync("client-individual", "consumer-window-size:0\n");
        for (var i = 1; i <= 3; i++)
        {
            await client.NextAsync();
            Assert.Equal(i, _server.Deliveries(Queue).Count);
            await client.SendAsync($"ACK\nid:{_server.Unacked(Queue)[0].MessageId}\n\n");
        }
    }

    [Fact]
    public async Task Auto_has_no_window_and_the_whole_backlog_is_gone_at_once()
    {
        await using var client = await SubscribedAsync("auto", "");

        Assert.Equal(200, _server.Acked(Queue).Count);
        Assert.Empty(_server.Pending(Queue));
    }

    [Fact]
    public async Task A_window_that_is_no_number_is_an_ERROR()
    {
        var (client, _) = await RawClient.ConnectedAsync(_server);
        await using (client)
        {
            Assert.StartsWith("ERROR\n", await client.AskAsync($"SUBSCRIBE\nid:1\ndestination:{Queue}\nack:client\nconsumer-window-size:wide\n\n"), StringComparison.Ordinal);
        }
    }

    /// <summary>Subscribes; the receipt comes before the first message, and then the window is full.</summary>
    private async Task<RawClient> SubscribedAsync(string ack, string headers)
    {
        var (client, _) = await RawClient.ConnectedAsync(_server);
        Assert.Equal("RECEIPT\nreceipt-id:s\n\n", await client.AskAsync($"SUBSCRIBE\nid:1\ndestination:{Queue}\nack:{ack}\nreceipt:s\n{headers}\n"));
        await Eventually.HoldsAsync(() => _server.Deliveries(Queue).Count > 0, "messages flow");
        return client;
    }
}
