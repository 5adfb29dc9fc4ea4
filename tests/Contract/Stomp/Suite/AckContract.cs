using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>The three ack modes, ACK and NACK.</summary>
public abstract class AckContract(ContractBroker broker) : BrokerContract(broker)
{
    [SuiteFact]
    public async Task With_auto_a_message_is_done_when_it_has_been_written()
    {
        var queue = NewQueue();
        await using (var client = await ConnectAsync())
        {
            client.Subscribe(queue, StompAckMode.Auto);
            await client.SendNumberedAsync(queue, 5);
            await client.ReceivesAsync(5);
            await client.LeaveAsync();
        }

        await LeavesAsync(queue, []);
    }

    [SuiteFact]
    public async Task With_client_an_ack_counts_for_all_before_it()
    {
        var queue = NewQueue();
        await using (var client = await ConnectAsync())
        {
            client.Subscribe(queue, StompAckMode.Client);
            await client.SendNumberedAsync(queue, 6);
            await client.AckAsync(await client.ReceivesAsync(4));
            await client.ReceivesAsync(6);
            await client.LeaveAsync();
        }

        await LeavesAsync(queue, ["m4", "m5"]);
    }

    [SuiteFact]
    public async Task With_client_an_ack_counts_for_its_own_subscription_or_for_all_as_listed()
    {
        var (queue, other) = (NewQueue(), NewQueue());
        await using (var client = await ConnectAsync())
        {
            client.Subscribe(queue, StompAckMode.Client);
            client.Subscribe(other, StompAckMode.Client);
            await client.SendNumberedAsync(other, 2);
            await client.ReceivesAsync(2);
            await client.SendNumberedAsync(queue, 2);
            await client.AckAsync(await client.ReceivesAsync(4));
            await client.LeaveAsync();
        }

        await LeavesAsync(queue, []);
        await LeavesAsync(other, Traits.AckReachesOtherSubscriptions ? [] : ["m0", "m1"]);
    }

    [SuiteFact]
    public async Task With_client_individual_an_ack_counts_for_its_message_only()
    {
        var queue = NewQueue();
        await using (var client = await ConnectAsync())
        {
            client.Subscribe(queue);
            await client.SendNumberedAsync(queue, 6);
            await client.ReceivesAsync(6);
            await client.AckAsync([.. client.Messages.Where((_, i) => i % 2 == 1)]);
            await client.LeaveAsync();
        }

        await LeavesAsync(queue, ["m0", "m2", "m4"]);
    }

    [SuiteTheory]
    [InlineData("1.0", StompAckMode.Client)]
    [InlineData("1.0", StompAckMode.ClientIndividual)]
    [InlineData("1.1", StompAckMode.Client)]
    [InlineData("1.1", StompAckMode.ClientIndividual)]
    [InlineData("1.2", StompAckMode.Client)]
    [InlineData("1.2", StompAckMode.ClientIndividual)]
    public async Task What_was_acked_is_gone_in_each_version(string version, StompAckMode mode)
    {
        var queue = NewQueue();
        var options = Options with { AcceptVersions = [version] };
        await using (var client = await BrokerClient.ConnectedAsync(options))
        {
            client.Subscribe(queue, mode);
            await client.SendNumberedAsync(queue, 3);
            await client.ReceivesAsync(3);
            await client.AckAsync([.. client.Messages.Take(2)]);
            await client.LeaveAsync();
        }

        await LeavesAsync(queue, ["m2"]);
    }

    [SuiteFact]
    public async Task In_1_0_a_subscription_may_be_known_by_its_destination()
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync("1.0"))
        {
            await raw.SendAsync("SUBSCRIBE", $"destination:{queue}", "ack:client");
            await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
            var message = await raw.ExpectAsync("MESSAGE");
            await raw.SendAsync("ACK", $"message-id:{message["message-id"]}", "receipt:acked");
            await raw.UntilReceiptAsync("acked");
            await raw.SendAsync("UNSUBSCRIBE", $"destination:{queue}", "receipt:unsubscribed");
            await raw.UntilReceiptAsync("unsubscribed");
            await raw.LeaveAsync();
        }

        await LeavesAsync(queue, []);
    }

    [SuiteTheory]
    [InlineData("client", 0)]
    [InlineData("client", 1)]
    [InlineData("client-individual", 1)]
    public async Task A_second_ack_is_answered_as_listed(string mode, int again)
    {
        var queue = NewQueue();
        await using (var raw = await ConnectRawAsync())
        {
            await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", $"ack:{mode}");
            await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
            await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m1");
            var messages = new[] { await raw.ExpectAsync("MESSAGE"), await raw.ExpectAsync("MESSAGE") };
            await raw.SendAsync("ACK", $"id:{messages[1]["ack"]}", "receipt:first");
            Assert.Empty(await raw.UntilReceiptAsync("first"));

            await raw.SendAsync("ACK", $"id:{messages[again]["ack"]}");

            await AnswersAsync(raw, Traits.SecondAck);
        }

        await LeavesAsync(queue, mode == "client" ? [] : ["m0"]);
    }

    [SuiteFact]
    public async Task A_refused_ack_is_confirmed_first_only_where_listed()
    {
        var queue = NewQueue();
        await using var raw = await ConnectRawAsync();
        await raw.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client");
        await raw.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
        var message = await raw.ExpectAsync("MESSAGE");
        await raw.SendAsync("ACK", $"id:{message["ack"]}");

        await raw.SendAsync("ACK", $"id:{message["ack"]}", "receipt:again");

        if (Traits.MayConfirmWhatItRefuses)
        {
            await raw.ExpectAsync("RECEIPT");
        }

        await raw.ExpectAsync("ERROR");
    }

    [SuiteFact]
    public async Task Nobody_can_ack_what_another_connection_was_given()
    {
        var queue = NewQueue();
        await using (var owner = await ConnectRawAsync())
        {
            await owner.SendAsync("SUBSCRIBE", "id:1", $"destination:{queue}", "ack:client-individual");
            await owner.SendTextAsync("SEND", [$"destination:{queue}"], "m0");
            var message = await owner.ExpectAsync("MESSAGE");
            await using var stranger = await ConnectRawAsync();

            await stranger.SendAsync("ACK", $"id:{message["ack"]}");

            await stranger.ExpectAsync("ERROR");
            await owner.LeaveAsync();
        }

        await LeavesAsync(queue, ["m0"]);
    }

    [SuiteTheory]
    [InlineData(StompAckMode.Client)]
    [InlineData(StompAckMode.ClientIndividual)]
    public async Task NACK_does_what_is_listed(StompAckMode mode)
    {
        var queue = NewQueue();
        List<string> refused = Traits.NackIsCumulative && mode == StompAckMode.Client ? ["m0", "m1"] : ["m1"];
        await using (var client = await ConnectAsync())
        {
            client.Subscribe(queue, mode);
            await client.SendNumberedAsync(queue, 3);
            await client.ReceivesAsync(3);
            Assert.True(await client.Client.NackAsync(client.Messages.ElementAt(1), CancellationToken.None));
            if (Traits.Nack == NackEffect.DeliveredAgain)
            {
                await client.ReceivesAsync(3 + refused.Count);
                Assert.Equal(refused, client.Texts.Skip(3));
                Assert.All(client.Messages.Skip(3), m => Assert.Equal("true", m.Headers.Get("redelivered")));
            }
            else
            {
                client.Subscribe(queue.Replace("/queue/", "/queue/DLQ.", StringComparison.Ordinal), StompAckMode.Auto);
                await client.ReceivesAsync(3 + refused.Count);
                Assert.Equal(refused, client.Texts.Skip(3));
            }
        }

        string[] sent = ["m0", "m1", "m2"];
        await LeavesAsync(queue, Traits.Nack == NackEffect.DeliveredAgain ? sent : [.. sent.Except(refused)]);
    }
}
