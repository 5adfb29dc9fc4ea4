using Microsoft.Extensions.Logging;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class ReceivingTests
{
    [Fact]
    public async Task A_subscription_is_sent_with_its_headers_and_again_after_each_reconnect()
    {
        await using var server = new ScriptedStompServer();
        await using var under = new ClientUnderTest([server]);
        under.Client.Subscribe(
            new StompSubscribeOptions { Destination = "/queue/a", AckMode = StompAckMode.ClientIndividual, Headers = [new("activemq.prefetchSize", "1000")] },
            _ => ValueTask.CompletedTask);
        under.Client.Start();

        var first = await server.GrantAsync();
        Assert.Equal("SUBSCRIBE id:1 destination:/queue/a ack:client-individual activemq.prefetchSize:1000 []", (await first.ExpectAsync("SUBSCRIBE")).ToString());
        under.Subscribe(StompAckMode.Client, "/queue/b");
        Assert.Equal("SUBSCRIBE id:2 destination:/queue/b ack:client []", (await first.ExpectAsync("SUBSCRIBE")).ToString());

        first.Drop();
        var second = await server.GrantAsync();
        Assert.Equal("/queue/a", (await second.ExpectAsync("SUBSCRIBE"))["destination"]);
        Assert.Equal("/queue/b", (await second.ExpectAsync("SUBSCRIBE"))["destination"]);
    }

    [Fact]
    public async Task An_ended_subscription_is_not_made_again()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var first = await server.GrantAsync();
        var ended = under.Subscribe();
        under.Subscribe(destination: "/queue/b");
        await first.ExpectAsync("SUBSCRIBE");
        await first.ExpectAsync("SUBSCRIBE");

        await ended.UnsubscribeAsync();
        await ended.UnsubscribeAsync();
        Assert.Equal("1", (await first.ExpectAsync("UNSUBSCRIBE"))["id"]);
        await first.SendMessageAsync("1", "late", "x");
        await first.SendMessageAsync("2", "wanted", "x", "/queue/b");
        Assert.Equal("wanted", (await under.ReceivesAsync()).MessageId);

        first.Drop();
        var second = await server.GrantAsync();
        Assert.Equal("2", (await second.ExpectAsync("SUBSCRIBE"))["id"]);
        Assert.Equal(0, second.FramesWaiting);
    }

    [Fact]
    public async Task A_message_of_a_server_that_names_no_subscription_is_found_by_its_destination()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync("1.0");
        under.Subscribe();
        await connection.ExpectAsync("SUBSCRIBE");

        await connection.SendFrameAsync("MESSAGE", [("destination", "/queue/a"), ("message-id", "7")], "x");

        Assert.True(await under.Client.AckAsync(await under.ReceivesAsync(), CancellationToken.None));
        Assert.Equal("ACK message-id:7 []", (await connection.ExpectAsync("ACK")).ToString());
    }

    [Fact]
    public async Task A_message_is_acked_once_and_only_on_its_own_connection()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var first = await server.GrantAsync();
        under.Subscribe();
        await first.ExpectAsync("SUBSCRIBE");
        await first.SendMessageAsync("1", "a", "x");
        await first.SendMessageAsync("1", "b", "x");
        var acked = await under.ReceivesAsync(1);
        var notAcked = await under.ReceivesAsync(2);

        Assert.Equal(1, acked.Connection);
        Assert.True(await under.Client.AckAsync(acked, CancellationToken.None));
        Assert.False(await under.Client.AckAsync(acked, CancellationToken.None));
        Assert.Equal("a", (await first.ExpectAsync("ACK"))["id"]);

        first.Drop();
        var second = await server.GrantAsync();
        await second.ExpectAsync("SUBSCRIBE");
        await second.SendMessageAsync("1", "b", "x");
        var again = await under.ReceivesAsync(3);
        Assert.Equal(2, again.Connection);
        Assert.False(await under.Client.AckAsync(notAcked, CancellationToken.None));
        Assert.Equal(1, await under.Client.AckAsync([acked, notAcked, again], CancellationToken.None));
        Assert.Equal("b", (await second.ExpectAsync("ACK"))["id"]);
        Assert.Equal(0, second.FramesWaiting);
    }

    [Fact]
    public async Task Many_acks_leave_in_one_write()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        under.Subscribe();
        await connection.ExpectAsync("SUBSCRIBE");
        for (var i = 1; i <= 50; i++)
        {
            await connection.SendMessageAsync("1", $"m{i}", "x");
        }

        await under.ReceivesAsync(50);
        var reads = connection.Reads;
        Assert.Equal(50, await under.Client.AckAsync([.. under.Messages], CancellationToken.None));
        for (var i = 1; i <= 50; i++)
        {
            Assert.Equal($"m{i}", (await connection.ExpectAsync("ACK"))["id"]);
        }

        Assert.Equal(reads + 1, connection.Reads);
    }

    [Fact]
    public async Task A_NACK_is_sent_and_a_message_that_needs_no_answer_gets_none()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        under.Subscribe();
        under.Subscribe(StompAckMode.Auto, "/queue/b");
        await connection.ExpectAsync("SUBSCRIBE");
        await connection.ExpectAsync("SUBSCRIBE");
        await connection.SendMessageAsync("1", "a", "x");
        await connection.SendMessageAsync("2", "b", "x", "/queue/b");

        Assert.True(await under.Client.NackAsync(await under.ReceivesAsync(1), CancellationToken.None));
        Assert.Equal("a", (await connection.ExpectAsync("NACK"))["id"]);
        Assert.False(await under.Client.AckAsync(await under.ReceivesAsync(2), CancellationToken.None));
    }

    [Fact]
    public async Task Messages_are_handled_one_at_a_time_and_a_failure_is_logged_and_passed_over()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        var running = 0;
        var most = 0;
        var handled = 0;
        under.Client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a" }, async message =>
        {
            most = Math.Max(most, Interlocked.Increment(ref running));
            await Task.Yield();
            Interlocked.Decrement(ref running);
            Interlocked.Increment(ref handled);
            if (message.MessageId == "m3")
            {
                throw new InvalidOperationException("handler of m3");
            }
        });
        await connection.ExpectAsync("SUBSCRIBE");
        for (var i = 1; i <= 20; i++)
        {
            await connection.SendMessageAsync("1", $"m{i}", "x");
        }

        await Eventually.HoldsAsync(() => handled == 20, "all were handled");
        Assert.Equal(1, most);
        Assert.Contains("handler of m3", Assert.Single(under.Log.At(LogLevel.Error)));
    }

    [Fact]
    public async Task A_handler_may_wait_for_a_receipt()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        var confirmed = new TaskCompletionSource();
        under.Client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a" }, async message =>
        {
            await under.Client.SendConfirmedAsync(new StompOutgoing { Destination = "/queue/reply" }, CancellationToken.None);
            confirmed.TrySetResult();
        });
        await connection.ExpectAsync("SUBSCRIBE");
        await connection.SendMessageAsync("1", "m", "x");
        await connection.SendMessageAsync("1", "n", "x");

        await connection.SendReceiptAsync(await connection.ExpectAsync("SEND"));
        await confirmed.Task.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_slow_handler_slows_the_broker_and_not_this_process()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, change: o => o with { Limits = new StompLimits { MaxWaitingBytes = 100_000 } });
        var connection = await server.GrantAsync();
        var release = new TaskCompletionSource();
        var handled = 0;
        under.Client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a" }, async _ =>
        {
            await release.Task;
            Interlocked.Increment(ref handled);
        });
        await connection.ExpectAsync("SUBSCRIBE");

        // 64 MB: far more than the sockets' buffers take.
        var body = new string('x', 64_000);
        var sending = Task.Run(async () =>
        {
            for (var i = 0; i < 1000; i++)
            {
                await connection.SendMessageAsync("1", $"m{i}", body);
            }
        });

        await Assert.ThrowsAsync<TimeoutException>(() => sending.WaitAsync(TimeSpan.FromSeconds(1)));
        release.SetResult();
        await sending.WaitAsync(Eventually.Limit);
        await Eventually.HoldsAsync(() => handled == 1000, "all came in the end");
    }

    [Fact]
    public async Task A_message_that_is_too_large_is_handed_on_can_be_acked_and_the_connection_stays()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, change: o => o with { Limits = new StompLimits { MaxBodyBytes = 1000 } });
        var connection = await server.GrantAsync();
        under.Subscribe();
        await connection.ExpectAsync("SUBSCRIBE");
        await connection.SendMessageAsync("1", "big", new string('x', 100_000));
        await connection.SendMessageAsync("1", "small", "x");

        var big = await under.ReceivesAsync(1);
        Assert.True(big.BodyTooLarge);
        Assert.True(big.Body.IsEmpty);
        Assert.True(await under.Client.AckAsync(big, CancellationToken.None));
        Assert.Equal("big", (await connection.ExpectAsync("ACK"))["id"]);
        Assert.Equal(1, (await under.ReceivesAsync(2)).Body.Length);
        Assert.Equal(1, server.Accepted);
    }

    [Fact]
    public async Task Of_a_lost_connection_what_waits_is_dropped_unless_the_broker_took_it_for_done()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var first = await server.GrantAsync();
        var release = new TaskCompletionSource();
        var seen = new System.Collections.Concurrent.ConcurrentQueue<string>();
        ValueTask Handle(StompMessage message)
        {
            seen.Enqueue(message.MessageId);
            return new ValueTask(release.Task);
        }

        under.Client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a", AckMode = StompAckMode.ClientIndividual }, Handle);
        under.Client.Subscribe(new StompSubscribeOptions { Destination = "/queue/b" }, Handle);
        await first.ExpectAsync("SUBSCRIBE");
        await first.ExpectAsync("SUBSCRIBE");
        await first.SendMessageAsync("1", "being handled", "x");
        await first.SendMessageAsync("1", "waiting", "x");
        await first.SendMessageAsync("2", "auto", "x", "/queue/b");
        await Eventually.HoldsAsync(() => seen.Count == 1, "the first is being handled");
        first.Close();
        await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected, times: 2);
        release.SetResult();

        await Eventually.HoldsAsync(() => seen.Contains("auto"), "what was auto-acked is handed on");
        Assert.Equal(["being handled", "auto"], seen);
    }

    [Fact]
    public async Task A_frame_that_breaks_the_protocol_ends_the_connection_and_the_client_comes_back()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await connection.SendRawAsync("MESSAGE\nno colon\n\n\0");

        Assert.Contains("no colon", (await under.SeesAsync(StompChangeKind.Disconnected)).Reason);
        await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected, times: 2);
    }
}
