using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Transactions: sends and acks that count together or not at all.</summary>
public abstract class TransactionContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteTheory]
    [InlineData("COMMIT", "in one", "in two", "last")]
    [InlineData("ABORT", "last")]
    public async Task What_was_sent_is_delivered_with_COMMIT_and_not_with_ABORT(string end, params string[] delivered)
    {
        var queue = NewQueue();
        await using var consumer = await ConnectAsync();
        await consumer.SubscribedAsync(queue, StompAckMode.Auto);
        await using var raw = await ConnectRawAsync();

        await raw.SendAsync("BEGIN", "transaction:t");
        await raw.SendTextAsync("SEND", [$"destination:{queue}", "transaction:t"], "in one");
        await raw.SendTextAsync("SEND", [$"destination:{queue}", "transaction:t"], "in two");
        await raw.SendTextAsync("SEND", [$"destination:{queue}", "receipt:outside"], "outside");
        await raw.UntilReceiptAsync("outside");
        Assert.Equal(["outside"], await consumer.ReceivesUntilAsync("outside"));

        await raw.SendAsync(end, "transaction:t", "receipt:ended");
        Assert.Empty(await raw.UntilReceiptAsync("ended"));
        await raw.SendTextAsync("SEND", [$"destination:{queue}"], "last");
        Assert.Equal(["outside", .. delivered], await consumer.ReceivesUntilAsync("last"));
    }

    [SuiteTheory]
    [InlineData("COMMIT")]
    [InlineData("ABORT", "m0")]
    public async Task An_ack_counts_with_COMMIT_and_not_with_ABORT(string end, params string[] left)
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client-individual");
            await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
            var message = await raw.ExpectAsync("MESSAGE");
            await raw.SendAsync("BEGIN", "transaction:t");
            await raw.SendAsync("ACK", $"id:{message["ack"]}", "transaction:t");
            await raw.SendAsync(end, "transaction:t", "receipt:ended");
            Assert.Empty(await raw.UntilReceiptAsync("ended"));
            await raw.LeaveAsync();
        }

        await LeavesAsync(queue, left);
    }

    [SuiteFact]
    public async Task An_ack_inside_counts_for_all_before_it_too_with_client()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client");
            foreach (var body in new[] { "m0", "m1", "m2" })
            {
                await raw.SendTextAsync("SEND", [$"destination:{queue}"], body);
            }

            await raw.ExpectAsync("MESSAGE");
            var second = await raw.ExpectAsync("MESSAGE");
            await raw.ExpectAsync("MESSAGE");
            await raw.SendAsync("BEGIN", "transaction:t");
            await raw.SendAsync("ACK", $"id:{second["ack"]}", "transaction:t");
            await raw.SendAsync("COMMIT", "transaction:t", "receipt:ended");
            Assert.Empty(await raw.UntilReceiptAsync("ended"));
            await raw.LeaveAsync();
        }

        await LeavesAsync(queue, ["m2"]);
    }

    [SuiteFact]
    public async Task Two_at_the_same_time_are_kept_apart_and_a_name_can_be_used_again()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendAsync("BEGIN", "transaction:kept");
            await raw.SendAsync("BEGIN", "transaction:dropped");
            await raw.SendTextAsync("SEND", [$"destination:{queue}", "transaction:dropped"], "dropped");
            await raw.SendTextAsync("SEND", [$"destination:{queue}", "transaction:kept"], "kept");
            await raw.SendAsync("ABORT", "transaction:dropped");
            await raw.SendAsync("COMMIT", "transaction:kept");
            await raw.SendAsync("BEGIN", "transaction:dropped");
            await raw.SendTextAsync("SEND", [$"destination:{queue}", "transaction:dropped"], "used again");
            await raw.SendAsync("COMMIT", "transaction:dropped", "receipt:ended");
            Assert.Empty(await raw.UntilReceiptAsync("ended"));
            await raw.LeaveAsync();
        }

        await LeavesAsync(queue, ["kept", "used again"]);
    }

    [SuiteFact]
    public async Task After_ABORT_the_same_message_can_be_acked_again()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client-individual");
            await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
            var message = await raw.ExpectAsync("MESSAGE");
            await raw.SendAsync("BEGIN", "transaction:t");
            await raw.SendAsync("ACK", $"id:{message["ack"]}", "transaction:t");
            await raw.SendAsync("ABORT", "transaction:t");
            await raw.SendAsync("ACK", $"id:{message["ack"]}", "receipt:acked");
            Assert.Empty(await raw.UntilReceiptAsync("acked"));
            await raw.LeaveAsync();
        }

        await LeavesAsync(queue, []);
    }

    [SuiteFact]
    public async Task What_is_open_when_the_connection_ends_never_was()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendTextAsync("SEND", [$"destination:{queue}", "receipt:waits"], "waits");
            await raw.UntilReceiptAsync("waits");
            await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client-individual");
            var message = await raw.ExpectAsync("MESSAGE");
            await raw.SendAsync("BEGIN", "transaction:t", "receipt:begun");
            await raw.SendAsync("ACK", $"id:{message["ack"]}", "transaction:t");
            await raw.SendTextAsync("SEND", [$"destination:{queue}", "transaction:t"], "lost");
            await raw.SendTextAsync("SEND", ["destination:/topic/contract-fence", "receipt:fence"], "");
            await raw.UntilReceiptAsync("fence");
        }

        await LeavesAsync(queue, ["waits"]);
    }

    [SuiteFact]
    public async Task The_receipt_of_a_SEND_inside_waits_for_COMMIT_where_listed()
    {
        await using var raw = await ConnectRawAsync();
        await raw.SendAsync("BEGIN", "transaction:t");
        await raw.SendTextAsync("SEND", [$"destination:{NewQueue()}", "transaction:t", "receipt:inside"], "m0");
        await raw.SendTextAsync("SEND", ["destination:/topic/contract-fence", "receipt:fence"], "");

        var beforeFence = await raw.UntilReceiptAsync("fence");
        Assert.Equal(Traits.ReceiptWaitsForCommit ? [] : ["inside"], beforeFence.Select(f => f["receipt-id"]));

        await raw.SendAsync("COMMIT", "transaction:t", "receipt:committed");
        var beforeEnd = await raw.UntilReceiptAsync("committed");
        if (Traits.ReceiptWaitsForCommit && beforeEnd.Count == 0)
        {
            beforeEnd = [await raw.ExpectAsync("RECEIPT")];
        }

        Assert.Equal(Traits.ReceiptWaitsForCommit ? ["inside"] : [], beforeEnd.Select(f => f["receipt-id"]));
    }
}
