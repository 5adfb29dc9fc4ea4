using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Frames on the wire, however they are cut, and peers that do not keep up.</summary>
public abstract class WireContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteFact]
    public async Task Frames_may_come_byte_by_byte_with_line_ends_between_them()
    {
        var queue = NewQueue();
        await using (var raw = await RawStompClient.OpenAsync(Port))
        {
            var connect = $"\n\nCONNECT\n{string.Concat(ConnectHeaders().Select(h => h + "\n"))}accept-version:1.2\n\n\0\n\n";
            var send = $"SEND\ndestination:{queue}\ncontent-length:3\nreceipt:cut\n\na\0b\0\n";
            foreach (var octet in connect + send)
            {
                await raw.SendRawAsync($"{octet}");
            }

            await raw.ExpectAsync("CONNECTED");
            Assert.Empty(await raw.UntilReceiptAsync("cut"));
        }

        await LeavesAsync(queue, ["a\0b"]);
    }

    [SuiteFact]
    public async Task A_thousand_frames_may_come_in_one_write()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            var frames = new StringBuilder();
            for (var i = 0; i < 1000; i++)
            {
                frames.Append($"SEND\ndestination:{queue}\n\nm{i}\0");
            }

            await raw.SendRawAsync($"{frames}SEND\ndestination:{queue}\nreceipt:all\n\nend\0");
            Assert.Empty(await raw.UntilReceiptAsync("all"));
        }

        await LeavesAsync(queue, [.. Enumerable.Range(0, 1000).Select(i => $"m{i}"), "end"]);
    }

    [SuiteFact]
    public async Task A_frame_that_was_begun_when_the_connection_ended_does_nothing()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendTextAsync("SEND", [$"destination:{queue}", "receipt:whole"], "whole");
            await raw.UntilReceiptAsync("whole");
            await raw.SendRawAsync($"SEND\ndestination:{queue}\n\nhalf");
        }

        await LeavesAsync(queue, ["whole"]);
    }

    [SuiteFact]
    public async Task A_consumer_that_does_not_read_holds_up_nobody_else()
    {
        var (stuck, free) = (NewQueue(), NewQueue());
        var body = Encoding.UTF8.GetBytes(new string('x', 10_000));
        await using (var lazy = await ConnectRawAsync())
        {
            await lazy.SendAsync("SUBSCRIBE", "id:1", $"destination:{stuck}", "ack:client-individual", "receipt:subscribed");
            await lazy.UntilReceiptAsync("subscribed");
            await lazy.StopReadingAsync();
            await using var sender = await ConnectAsync();
            await using var other = await ConnectAsync();
            await other.SubscribedAsync(free, StompAckMode.Auto);

            // More than the kernel's buffers between the two take.
            await Task.WhenAll(Enumerable.Range(0, 900).Select(_ => sender.SendAsync(stuck, body, contentLength: false)));
            await sender.SendNumberedAsync(free, 10);
            await other.ReceivesAsync(10);
        }

        await using var next = await ConnectAsync();
        next.Subscribe(stuck);
        await next.ReceivesAsync(900);
    }

    [SuiteFact]
    public async Task Fifty_connections_are_served_at_the_same_time()
    {
        var topic = NewTopic();
        var clients = await Task.WhenAll(Enumerable.Range(0, 50).Select(_ => ConnectAsync()));
        await Task.WhenAll(clients.Select(c => c.SubscribedAsync(topic, StompAckMode.Auto)));

        await Task.WhenAll(clients.Select((c, i) => c.SendAsync(topic, $"{i}")));

        foreach (var client in clients)
        {
            await client.ReceivesAsync(50);
            Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}").Order(), client.Texts.Order());
            await client.DisposeAsync();
        }
    }
}
