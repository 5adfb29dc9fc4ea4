using OpsAgent.Stomp;
using OpsAgent.Stomp.Protocol;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class HeartBeatTests
{
    [Theory]
    [InlineData(10, 10, "0,0", 0, 0)]
    [InlineData(10, 10, null, 0, 0)]
    [InlineData(10, 20, "30000,40000", 40, 30)]
    [InlineData(50, 60, "30000,40000", 50, 60)]
    [InlineData(0, 10, "30000,40000", 0, 30)]
    [InlineData(10, 0, "30000,40000", 40, 0)]
    [InlineData(10, 10, "0,40000", 40, 0)]
    [InlineData(10, 10, " 10000 , 10000 ", 10, 10)]
    [InlineData(10, 10, "9223372036854775807,9223372036854775807", 864_000, 864_000)]
    public void The_slower_of_both_counts_and_zero_means_none(int send, int receive, string? theirs, int agreedSend, int agreedReceive)
    {
        var agreed = new HeartBeat(TimeSpan.FromSeconds(send), TimeSpan.FromSeconds(receive)).Agree(theirs);

        Assert.Equal(new HeartBeat(TimeSpan.FromSeconds(agreedSend), TimeSpan.FromSeconds(agreedReceive)), agreed);
    }

    [Fact]
    public async Task A_silent_peer_is_dead_after_twice_its_interval_and_a_little()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with { HeartBeatReceive = TimeSpan.FromSeconds(10) });
        await server.GrantAsync(heartBeat: "20000,0");
        await under.SeesAsync(StompChangeKind.Connected);

        time.Advance(TimeSpan.FromSeconds(40.7));
        Assert.Equal(StompConnectionState.Connected, under.Client.State);
        time.Advance(TimeSpan.FromSeconds(0.2));

        Assert.NotEqual(StompConnectionState.Connected, under.Client.State);
        Assert.Equal("nothing came from the broker for 40.8 s", (await under.SeesAsync(StompChangeKind.Disconnected)).Reason);
        await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected, times: 2);
    }

    [Fact]
    public async Task A_line_end_is_a_sign_of_life()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with { HeartBeatReceive = TimeSpan.FromSeconds(10) });
        var connection = await server.GrantAsync(heartBeat: "10000,0");
        under.Subscribe(StompAckMode.Auto);
        await connection.ExpectAsync("SUBSCRIBE");

        for (var i = 1; i <= 5; i++)
        {
            time.Advance(TimeSpan.FromSeconds(20));
            await connection.SendRawAsync("\n");

            // The message behind it shows that it has been read.
            await connection.SendMessageAsync("1", $"m{i}", "x");
            await under.ReceivesAsync(i);
        }

        Assert.DoesNotContain(under.Changes, c => c.Kind == StompChangeKind.Disconnected);
    }

    [Fact]
    public async Task While_a_handler_holds_up_reading_the_peer_is_not_taken_for_dead()
    {
        var time = new FakeTime();
        var release = new TaskCompletionSource();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with
        {
            HeartBeatReceive = TimeSpan.FromSeconds(10),
            Limits = new StompLimits { MaxWaitingMessages = 1 },
        });
        var connection = await server.GrantAsync(heartBeat: "10000,0");
        var handled = 0;
        under.Client.Subscribe(new StompSubscribeOptions { Destination = "/queue/a" }, async _ =>
        {
            Interlocked.Increment(ref handled);
            await release.Task;
        });
        await connection.ExpectAsync("SUBSCRIBE");
        // In one write, so that the client has them all before the first is handled: nothing is on its way when the clock moves.
        await connection.SendRawAsync(string.Concat(Enumerable.Range(0, 5).Select(i =>
            $"MESSAGE\ndestination:/queue/a\nmessage-id:m{i}\nsubscription:1\nack:m{i}\n\nx\0")));
        await Eventually.HoldsAsync(() => handled == 1, "the first message is being handled");
        time.Advance(TimeSpan.FromSeconds(100));
        Assert.Equal(1, handled);
        Assert.Equal(StompConnectionState.Connected, under.Client.State);
        release.SetResult();
        await Eventually.HoldsAsync(() => handled == 5, "the others were handed on too");
    }

    [Fact]
    public async Task A_client_that_has_nothing_to_say_sends_line_ends_in_time()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with { HeartBeatSend = TimeSpan.FromSeconds(10) });
        var connection = await server.GrantAsync(heartBeat: "0,10000");
        await under.SeesAsync(StompChangeKind.Connected);

        for (var i = 1; i <= 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(9));
            await Eventually.HoldsAsync(() => connection.HeartBeats >= i, $"heart-beat {i}");
        }
    }

    [Fact]
    public async Task What_is_sent_anyway_needs_no_line_ends_beside_it()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with { HeartBeatSend = TimeSpan.FromSeconds(10) });
        var connection = await server.GrantAsync(heartBeat: "0,10000");
        await under.SeesAsync(StompChangeKind.Connected);

        for (var i = 0; i < 10; i++)
        {
            time.Advance(TimeSpan.FromSeconds(3));
            await under.Client.SendAsync(new StompOutgoing { Destination = "/queue/a" }, CancellationToken.None);
            await connection.ExpectAsync("SEND");
        }

        Assert.Equal(0, connection.HeartBeats);
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_given_up_and_whoever_waits_for_room_is_told()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with { WriteTimeout = TimeSpan.FromSeconds(10) });
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        await connection.StopReadingAsync();

        var big = new StompOutgoing { Destination = "/queue/a", Body = new byte[512 * 1024], ContentLength = true };
        var sending = Task.Run(async () =>
        {
            while (true)
            {
                await under.Client.SendAsync(big, CancellationToken.None);
            }
        });

        // The senders' buffer fills, and time passes for as long as nothing moves.
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return sending.IsCompleted;
            },
            "the sender was told");
        await Assert.ThrowsAnyAsync<StompException>(() => sending);
        Assert.Equal("the broker took nothing for 10 s", (await under.SeesAsync(StompChangeKind.Disconnected)).Reason);
    }
}
