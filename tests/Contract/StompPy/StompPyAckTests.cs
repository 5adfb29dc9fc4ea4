using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.Contract.StompPy;

/// <summary>The three ack modes, NACK and transactions, as stomp.py speaks them in each version.</summary>
public sealed class StompPyAckTests : IAsyncLifetime
{
    private const string Queue = "/queue/work";
    private const string DeadLetters = "/queue/DLQ.work";
    private StompBroker _broker = null!;

    public async Task InitializeAsync() => _broker = await StompBroker.StartAsync(new StompBrokerOptions());

    public async Task DisposeAsync() => await _broker.DisposeAsync();

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task With_client_individual_an_ack_is_for_its_message_alone_and_the_rest_comes_again_in_order(string version)
    {
        await using var peer = await ThreeReceivedAsync(version, "client-individual");
        await peer.AckAsync(peer.Messages[1]);
        await _broker.HasAsync(Queue, waiting: 0, handedOut: 2);

        await peer.DropAsync();
        await _broker.HasAsync(Queue, waiting: 2, handedOut: 0);
        await peer.ConnectAsync(_broker.Port, version);
        await peer.SubscribeAsync(Queue, ack: "client-individual");
        await peer.ReceivesAsync(5);

        Assert.Equal(["m1", "m3"], peer.Messages.Skip(3).Select(m => m.Body));
        Assert.Equal([peer.Messages[0]["message-id"], peer.Messages[2]["message-id"]], peer.Messages.Skip(3).Select(m => m["message-id"]));
        Assert.Equal(["", "", "", "true", "true"], peer.Messages.Select(m => m["redelivered"]));
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task With_client_an_ack_is_for_all_before_it_too(string version)
    {
        await using var peer = await ThreeReceivedAsync(version, "client");

        await peer.AckAsync(peer.Messages[1]);

        await _broker.HasAsync(Queue, waiting: 0, handedOut: 1);
        await peer.DropAsync();
        await _broker.HasAsync(Queue, waiting: 1, handedOut: 0);
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task With_auto_a_message_is_done_with_when_it_has_been_received(string version)
    {
        await using var peer = await ThreeReceivedAsync(version, "auto");

        await _broker.HasAsync(Queue, waiting: 0, handedOut: 0);
        await peer.DropAsync();
        await Eventually.HoldsAsync(() => _broker.Connections == 0, "the connection is gone");
        await _broker.HasAsync(Queue, waiting: 0, handedOut: 0);
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task What_is_refused_by_NACK_goes_to_the_dead_letter_queue_and_says_where_from(string version)
    {
        await using var peer = await ThreeReceivedAsync(version, "client-individual");

        await peer.NackAsync(peer.Messages[1]);
        await peer.SubscribeAsync(DeadLetters, "dead");

        var dead = await peer.ReceivesAsync(4);
        Assert.Equal(("m2", DeadLetters, Queue), (dead.Body, dead["destination"], dead["original-destination"]));
        await _broker.HasAsync(Queue, waiting: 0, handedOut: 2);
    }

    [ServerFact("python3-stomp")]
    public async Task With_client_a_NACK_is_for_all_before_it_too()
    {
        await using var peer = await ThreeReceivedAsync("1.2", "client");

        await peer.NackAsync(peer.Messages[1]);

        await _broker.HasAsync(Queue, waiting: 0, handedOut: 1);
        await _broker.HasAsync(DeadLetters, waiting: 2, handedOut: 0);
    }

    [ServerFact("python3-stomp")]
    public async Task A_second_ACK_is_an_ERROR_and_the_end_and_the_rest_goes_back()
    {
        await using var peer = await ThreeReceivedAsync("1.0", "client-individual");
        var first = peer.Messages[0];
        await peer.AckAsync(first);

        await peer.AckUnconfirmedAsync(first);

        Assert.Contains("no message waits for", (await peer.SeesAsync("error"))["message"], StringComparison.Ordinal);
        await peer.SeesAsync("disconnected");
        await _broker.HasAsync(Queue, waiting: 2, handedOut: 0);
    }

    [ServerFact("python3-stomp")]
    public async Task A_window_of_one_gives_the_next_message_when_the_last_is_acked()
    {
        await using var peer = await StompPyPeer.ConnectedAsync(_broker.Port);
        await peer.SubscribeAsync(Queue, "1", "client-individual", ("activemq.prefetchSize", "1"));
        for (var i = 1; i <= 3; i++)
        {
            await peer.SendAsync(Queue, $"m{i}");
        }

        for (var i = 1; i <= 3; i++)
        {
            var message = await peer.ReceivesAsync(i);
            await _broker.HasAsync(Queue, waiting: 3 - i, handedOut: 1);
            await peer.AckAsync(message);
        }

        await _broker.HasAsync(Queue, waiting: 0, handedOut: 0);
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task What_is_done_in_a_transaction_counts_at_its_commit_and_not_at_all_when_it_is_aborted(string version)
    {
        await using var peer = await ThreeReceivedAsync(version, "client-individual");
        await peer.TransactAsync("begin", "aborted");
        await peer.SendUnconfirmedAsync("/queue/out", "never", ("transaction", "aborted"));
        await peer.AckAsync(peer.Messages[0], "aborted");
        await peer.TransactAsync("abort", "aborted");
        await _broker.HasAsync(Queue, waiting: 0, handedOut: 3);

        await peer.TransactAsync("begin", "t");
        await peer.SendUnconfirmedAsync("/queue/out", "one", ("transaction", "t"));
        await peer.SendUnconfirmedAsync("/queue/out", "two", ("transaction", "t"));
        await peer.AckAsync(peer.Messages[0], "t");
        await _broker.HasAsync("/queue/out", waiting: 0, handedOut: 0);
        await _broker.HasAsync(Queue, waiting: 0, handedOut: 3);
        await peer.TransactAsync("commit", "t");

        await _broker.HasAsync("/queue/out", waiting: 2, handedOut: 0);
        await _broker.HasAsync(Queue, waiting: 0, handedOut: 2);
        await peer.SubscribeAsync("/queue/out", "out");
        await peer.ReceivesAsync(5);
        Assert.Equal(["one", "two"], peer.Messages.Skip(3).Select(m => m.Body));
    }

    [ServerFact("python3-stomp")]
    public async Task A_transaction_that_is_open_when_its_connection_ends_is_as_if_it_had_never_been()
    {
        await using var peer = await ThreeReceivedAsync("1.1", "client-individual");
        await peer.TransactAsync("begin", "t");
        await peer.SendUnconfirmedAsync("/queue/out", "never", ("transaction", "t"));
        await peer.AckAsync(peer.Messages[0], "t");

        await peer.DropAsync();

        await _broker.HasAsync(Queue, waiting: 3, handedOut: 0);
        await _broker.HasAsync("/queue/out", waiting: 0, handedOut: 0);
    }

    private async Task<StompPyPeer> ThreeReceivedAsync(string version, string ack)
    {
        var peer = await StompPyPeer.ConnectedAsync(_broker.Port, version);
        await peer.SubscribeAsync(Queue, ack: ack);
        for (var i = 1; i <= 3; i++)
        {
            await peer.SendAsync(Queue, $"m{i}");
        }

        await peer.ReceivesAsync(3);
        return peer;
    }
}
