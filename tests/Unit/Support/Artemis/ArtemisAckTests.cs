using System.Text.RegularExpressions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.Unit.Support.Artemis;

/// <summary>The scripted server does with acks and deliveries what Artemis does.</summary>
public sealed partial class ArtemisAckTests : IAsyncLifetime
{
    private const string Queue = "/queue/q";
    private readonly ArtemisServer _server = new(new ArtemisOptions { MaxDeliveryAttempts = 3 });

    public Task InitializeAsync() => Task.CompletedTask;

    public async Task DisposeAsync() => await _server.DisposeAsync();

    [Fact]
    public async Task A_NACK_is_an_ACK_and_the_message_is_gone()
    {
        _server.Send(Queue, "m");
        await using var client = await SubscribedAsync("client-individual");
        var message = await client.NextAsync();

        await client.AskAsync($"NACK\nid:{Id(message)}\nreceipt:r\n\n");

        Assert.Equal("m", Assert.Single(_server.Acked(Queue)).Text);
        Assert.Empty(_server.DeadLetters);
        Assert.Empty(_server.Pending(Queue));
    }

    [Fact]
    public async Task A_second_ACK_is_an_ERROR_and_the_connection_goes_on()
    {
        _server.Send(Queue, "m");
        await using var client = await SubscribedAsync("client-individual");
        var id = Id(await client.NextAsync());
        await client.AskAsync($"ACK\nid:{id}\nreceipt:r1\n\n");

        var error = await client.AskAsync($"ACK\nid:{id}\nreceipt:r2\n\n");

        Assert.Equal($"ERROR\nmessage:AMQ339025\\c failed to ack because no message with id\\c {id}\nreceipt-id:r2\n\n", error);
        Assert.Equal("RECEIPT\nreceipt-id:r3\n\n", await client.AskAsync("SEND\ndestination:/queue/other\nreceipt:r3\n\nx"));
    }

    [Fact]
    public async Task An_ack_of_client_is_for_all_before_it_and_one_of_client_individual_for_itself()
    {
        foreach (var text in (string[])["a", "b", "c"])
        {
            _server.Send(Queue, text);
            _server.Send("/queue/i", text);
        }

        await using var client = await SubscribedAsync("client");
        await client.SendAsync("SUBSCRIBE\nid:2\ndestination:/queue/i\nack:client-individual\n\n");
        var ids = new List<string>();
        while (ids.Count < 6)
        {
            ids.Add(Id(await client.NextAsync()));
        }

        await client.AskAsync($"ACK\nid:{ids[1]}\nreceipt:r1\n\n");
        await client.AskAsync($"ACK\nid:{ids[4]}\nreceipt:r2\n\n");

        Assert.Equal(["a", "b"], _server.Acked(Queue).Select(m => m.Text));
        Assert.Equal(["b"], _server.Acked("/queue/i").Select(m => m.Text));
    }

    [Fact]
    public async Task What_was_not_acked_comes_again_with_a_new_first_half_and_the_same_second_half_and_timestamp()
    {
        _server.Send(Queue, "m");
        string first;
        await using (var client = await SubscribedAsync("client-individual"))
        {
            first = await client.NextAsync();
        }

        await using var next = await SubscribedAsync("client-individual");
        var again = await next.NextAsync();

        Assert.NotEqual(Id(first).Split(',')[0], Id(again).Split(',')[0]);
        Assert.Equal(Id(first).Split(',')[1], Id(again).Split(',')[1]);
        Assert.Equal(Header(first, "timestamp"), Header(again, "timestamp"));
        Assert.Equal(("false", "true"), (Header(first, "redelivered"), Header(again, "redelivered")));
    }

    [Fact]
    public async Task What_comes_back_goes_before_what_waits_in_its_old_order()
    {
        foreach (var text in (string[])["a", "b", "c"])
        {
            _server.Send(Queue, text);
        }

        var window = $"consumer-window-size:{1}\n";
        await using (var client = await SubscribedAsync("client-individual", window))
        {
            Assert.EndsWith("\n\na", await client.NextAsync(), StringComparison.Ordinal);
        }

        await using var next = await SubscribedAsync("client-individual");
        foreach (var text in (string[])["a", "b", "c"])
        {
            Assert.EndsWith($"\n\n{text}", await next.NextAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task After_its_last_attempt_a_message_is_put_aside()
    {
        _server.Send(Queue, "m");
        for (var i = 0; i < 3; i++)
        {
            await using var client = await SubscribedAsync("client-individual");
            await client.NextAsync();
        }

        await Eventually.HoldsAsync(() => _server.DeadLetters.Count == 1, "the message is put aside");
        Assert.Empty(_server.Pending(Queue));
    }

    [Fact]
    public async Task A_transaction_holds_what_is_sent_and_ignores_what_is_acked()
    {
        _server.Send(Queue, "m");
        await using var client = await SubscribedAsync("client-individual");
        var id = Id(await client.NextAsync());

        await client.SendAsync("BEGIN\ntransaction:t\n\n");
        await client.SendAsync("SEND\ndestination:/queue/other\ntransaction:t\n\nx");
        await client.AskAsync($"ACK\nid:{id}\ntransaction:t\nreceipt:r1\n\n");
        Assert.Single(_server.Acked(Queue));
        Assert.Empty(_server.Sent("/queue/other"));
        await client.AskAsync("ABORT\ntransaction:t\nreceipt:r2\n\n");

        Assert.Single(_server.Acked(Queue));
        Assert.Empty(_server.Sent("/queue/other"));
    }

    [Fact]
    public async Task Text_comes_without_content_length_and_bytes_with_it()
    {
        await using var client = await SubscribedAsync("auto");
        await client.SendAsync($"SEND\ndestination:{Queue}\n\ntext");
        Assert.DoesNotContain("content-length", await client.NextAsync(), StringComparison.Ordinal);

        await client.SendAsync($"SEND\ndestination:{Queue}\ncontent-length:5\n\nbytes");

        Assert.Equal("5", Header(await client.NextAsync(), "content-length"));
    }

    internal static string Header(string frame, string name) =>
        frame.Split("\n\n")[0].Split('\n').First(l => l.StartsWith($"{name}:", StringComparison.Ordinal))[(name.Length + 1)..];

    private static string Id(string message) => MessageId().Match(message).Groups[1].Value;

    [GeneratedRegex(@"^MESSAGE\n(?:.*\n)*message-id:(\d+,\d+)\n")]
    private static partial Regex MessageId();

    private async Task<RawClient> SubscribedAsync(string ack, string headers = "")
    {
        var (client, _) = await RawClient.ConnectedAsync(_server);
        await client.SendAsync($"SUBSCRIBE\nid:1\ndestination:{Queue}\nack:{ack}\n{headers}\n");
        return client;
    }
}
