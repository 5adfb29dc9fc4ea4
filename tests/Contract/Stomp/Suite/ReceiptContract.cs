using System.Text;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Receipts: for every frame, and only when it has been done.</summary>
public abstract class ReceiptContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteFact]
    public async Task A_thousand_in_flight_all_come()
    {
        var queue = NewQueue();
        await using var client = await ConnectAsync();

        var sends = Enumerable.Range(0, 1000).Select(i => client.Client.SendConfirmedAsync(
            new StompOutgoing { Destination = queue, Body = Encoding.UTF8.GetBytes($"m{i}") }, CancellationToken.None));
        await Task.WhenAll(sends).WaitAsync(Eventually.Limit);

        client.Subscribe(queue, StompAckMode.Auto);
        await client.ReceivesAsync(1000);
        Assert.Equal(Enumerable.Range(0, 1000).Select(i => $"m{i}"), client.Texts);
    }

    [SuiteFact]
    public async Task Every_frame_after_CONNECT_may_ask_for_one()
    {
        var queue = NewQueue();
        await using var raw = await ConnectRawAsync();

        await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client-individual", "receipt:a receipt: any text");
        Assert.Empty(await raw.UntilReceiptAsync("a receipt\\c any text"));
        await raw.SendAsync("BEGIN", "transaction:t", "receipt:begun");
        Assert.Empty(await raw.UntilReceiptAsync("begun"));
        await raw.SendAsync("ABORT", "transaction:t", "receipt:aborted");
        Assert.Empty(await raw.UntilReceiptAsync("aborted"));
        await raw.SendAsync("BEGIN", "transaction:t", "receipt:begun again");
        Assert.Empty(await raw.UntilReceiptAsync("begun again"));
        await raw.SendAsync("COMMIT", "transaction:t", "receipt:committed");
        Assert.Empty(await raw.UntilReceiptAsync("committed"));
        await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
        var message = await raw.ExpectAsync("MESSAGE");
        await raw.SendAsync("ACK", $"id:{message["ack"]}", "receipt:acked");
        Assert.Empty(await raw.UntilReceiptAsync("acked"));
        await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m1");
        message = await raw.ExpectAsync("MESSAGE");
        await raw.SendAsync("NACK", $"id:{message["ack"]}", "receipt:nacked");
        if ((await raw.UntilReceiptAsync("nacked")).Count == 0 && Traits.Nack == NackEffect.DeliveredAgain)
        {
            // RabbitMQ answers a delivery that crosses UNSUBSCRIBE with ERROR.
            await raw.ExpectAsync("MESSAGE");
        }

        await raw.SendAsync("UNSUBSCRIBE", "id:1", "receipt:unsubscribed");
        await raw.UntilReceiptAsync("unsubscribed");
        await raw.SendAsync("DISCONNECT", "receipt:bye");
        Assert.Empty(await raw.UntilReceiptAsync("bye"));
        Assert.Empty(await raw.UntilEndAsync());
    }

    [SuiteFact]
    public async Task The_one_of_DISCONNECT_says_that_all_before_it_is_done()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendRawAsync(string.Concat(Enumerable.Range(0, 300).Select(i => $"SEND\ndestination:{queue}\n\nm{i}\0")));
            await raw.SendAsync("DISCONNECT", "receipt:bye");
            Assert.Empty(await raw.UntilReceiptAsync("bye"));
        }

        await LeavesAsync(queue, [.. Enumerable.Range(0, 300).Select(i => $"m{i}")]);
    }

    [SuiteFact]
    public async Task DISCONNECT_without_one_ends_the_connection_too()
    {
        await using var raw = await ConnectRawAsync();

        await raw.SendAsync("DISCONNECT");

        Assert.Empty(await raw.UntilEndAsync());
    }
}
