using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class SendingTests
{
    private static readonly StompOutgoing Hello = new() { Destination = "/topic/t", Body = "hello"u8.ToArray() };

    [Fact]
    public async Task Without_a_connection_nothing_is_sent_and_the_caller_is_told()
    {
        await using var server = new ScriptedStompServer();
        await using var under = new ClientUnderTest([server]);

        await Assert.ThrowsAsync<StompNotConnectedException>(async () => await under.Client.SendAsync(Hello, CancellationToken.None));
        await Assert.ThrowsAsync<StompNotConnectedException>(() => under.Client.SendConfirmedAsync(Hello, CancellationToken.None));
    }

    [Fact]
    public async Task A_message_is_sent_as_given()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);

        await under.Client.SendAsync(Hello with { Headers = [new("persistent", "true")] }, CancellationToken.None);

        var frame = await connection.ExpectAsync("SEND");
        Assert.Equal("SEND destination:/topic/t persistent:true [hello]", frame.ToString());
    }

    [Fact]
    public async Task A_message_that_can_not_be_written_leaves_the_connection_and_its_frames_whole()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);

        await Assert.ThrowsAsync<ArgumentException>(async () => await under.Client.SendAsync(Hello with { Body = new byte[3] }, CancellationToken.None));
        await Assert.ThrowsAsync<ArgumentException>(() => under.Client.SendConfirmedAsync(Hello with { Headers = [new("receipt", "1")] }, CancellationToken.None));
        await under.Client.SendAsync(Hello, CancellationToken.None);

        Assert.Equal("hello", (await connection.ExpectAsync("SEND")).Text);
    }

    [Fact]
    public async Task Many_sends_wait_for_their_receipts_at_once_and_each_gets_its_own()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);

        var sends = Enumerable.Range(0, 20).Select(_ => under.Client.SendConfirmedAsync(Hello, CancellationToken.None)).ToList();
        var frames = new List<ScriptedStompFrame>();
        for (var i = 0; i < sends.Count; i++)
        {
            frames.Add(await connection.ExpectAsync("SEND"));
        }

        Assert.All(sends, s => Assert.False(s.IsCompleted));
        Assert.Equal(sends.Count, frames.Select(f => f["receipt"]).Distinct().Count());
        await connection.SendReceiptAsync(frames[7]);
        await sends[7].WaitAsync(Eventually.Limit);
        Assert.Equal(1, sends.Count(s => s.IsCompleted));
        foreach (var frame in Enumerable.Reverse(frames))
        {
            await connection.SendReceiptAsync(frame);
        }

        await Task.WhenAll(sends).WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_broker_that_gives_no_receipts_is_given_up_and_whoever_waits_is_told()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time, o => o with { ReceiptTimeout = TimeSpan.FromSeconds(60) });
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        var sends = Enumerable.Range(0, 3).Select(_ => under.Client.SendConfirmedAsync(Hello, CancellationToken.None)).ToList();
        var first = await connection.ExpectAsync("SEND");
        await connection.ExpectAsync("SEND");
        await connection.ExpectAsync("SEND");
        await connection.SendReceiptAsync(first);
        await sends[0].WaitAsync(Eventually.Limit);

        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return sends.TrueForAll(static s => s.IsCompleted);
            },
            "all are told");

        await Assert.ThrowsAsync<StompConnectionLostException>(() => sends[1]);
        await Assert.ThrowsAsync<StompConnectionLostException>(() => sends[2]);
        Assert.Equal("the broker confirmed nothing for 60 s", (await under.SeesAsync(StompChangeKind.Disconnected)).Reason);
    }

    [Fact]
    public async Task When_the_connection_ends_everybody_who_waits_for_a_receipt_is_told()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        var sends = Enumerable.Range(0, 5).Select(_ => under.Client.SendConfirmedAsync(Hello, CancellationToken.None)).ToList();
        await connection.ExpectAsync("SEND");

        connection.Drop();

        foreach (var send in sends)
        {
            var lost = await Assert.ThrowsAsync<StompConnectionLostException>(() => send.WaitAsync(Eventually.Limit));
            Assert.Null(lost.Refusal);
        }
    }

    [Fact]
    public async Task A_caller_may_stop_waiting_for_a_receipt()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        using var stop = new CancellationTokenSource();
        var send = under.Client.SendConfirmedAsync(Hello, stop.Token);
        var frame = await connection.ExpectAsync("SEND");

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => send.WaitAsync(Eventually.Limit));

        // The receipt that comes for nobody harms nobody.
        await connection.SendReceiptAsync(frame);
        var next = under.Client.SendConfirmedAsync(Hello, CancellationToken.None);
        await connection.SendReceiptAsync(await connection.ExpectAsync("SEND"));
        await next.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task An_ERROR_that_names_no_receipt_refuses_no_message_and_those_that_wait_are_told_what_it_says()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        under.Subscribe();
        await connection.ExpectAsync("SUBSCRIBE");
        var sent = under.Client.SendConfirmedAsync(Hello, CancellationToken.None);
        await connection.ExpectAsync("SEND");

        await connection.SendFrameAsync("ERROR", [("message", "not allowed")], "");

        var lost = await Assert.ThrowsAsync<StompConnectionLostException>(() => sent.WaitAsync(Eventually.Limit));
        Assert.Equal((null, "not allowed"), (lost.Refusal, lost.BrokerError));
    }

    [Fact]
    public async Task An_ERROR_ends_the_connection_is_reported_and_the_client_comes_back()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        var refused = under.Client.SendConfirmedAsync(Hello, CancellationToken.None);
        var frame = await connection.ExpectAsync("SEND");
        var other = under.Client.SendConfirmedAsync(Hello, CancellationToken.None);
        await connection.ExpectAsync("SEND");

        await connection.SendFrameAsync("ERROR", [("receipt-id", frame["receipt"]!), ("message", "not allowed")], "details");

        var lost = await Assert.ThrowsAsync<StompConnectionLostException>(() => refused.WaitAsync(Eventually.Limit));
        Assert.Equal("not allowed", lost.Refusal);
        var beside = await Assert.ThrowsAsync<StompConnectionLostException>(() => other.WaitAsync(Eventually.Limit));
        Assert.Equal((null, null), (beside.Refusal, beside.BrokerError));
        Assert.Equal("the broker reported an error: not allowed", (await under.SeesAsync(StompChangeKind.Disconnected)).Reason);
        await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected, times: 2);
    }

    [Fact]
    public async Task Frames_of_many_threads_come_whole()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(thread => Task.Run(async () =>
        {
            for (var i = 0; i < 100; i++)
            {
                await under.Client.SendAsync(Hello with { Body = System.Text.Encoding.ASCII.GetBytes($"{thread} {i}") }, CancellationToken.None);
            }
        })));

        var bodies = new List<string>();
        for (var i = 0; i < 800; i++)
        {
            bodies.Add((await connection.ExpectAsync("SEND")).Text);
        }

        foreach (var ofThread in bodies.GroupBy(b => b.Split(' ')[0]))
        {
            Assert.Equal(Enumerable.Range(0, 100).Select(i => $"{ofThread.Key} {i}"), ofThread);
        }
    }

    [Fact]
    public async Task Disconnecting_writes_what_was_sent_before_and_waits_for_the_broker()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        var big = Hello with { Body = new byte[200_000], ContentLength = true };
        for (var i = 0; i < 4; i++)
        {
            await under.Client.SendAsync(big, CancellationToken.None);
        }

        var disconnecting = under.Client.DisconnectAsync(Eventually.Limit);
        for (var i = 0; i < 4; i++)
        {
            await connection.ExpectAsync("SEND");
        }

        var bye = await connection.ExpectAsync("DISCONNECT");
        Assert.False(disconnecting.IsCompleted);
        await connection.SendReceiptAsync(bye);
        await disconnecting.WaitAsync(Eventually.Limit);

        Assert.Equal(StompConnectionState.Closed, under.Client.State);
        Assert.Equal("disconnected", (await under.SeesAsync(StompChangeKind.Disconnected)).Reason);
        Assert.Equal(1, server.Accepted);
        await Assert.ThrowsAsync<StompNotConnectedException>(async () => await under.Client.SendAsync(Hello, CancellationToken.None));
        await Assert.ThrowsAsync<StompNotConnectedException>(() => under.Client.WaitConnectedAsync(CancellationToken.None));
        Assert.Throws<InvalidOperationException>(under.Client.Start);
    }

    [Fact]
    public async Task Disconnecting_does_not_wait_longer_than_it_may()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time);
        var connection = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);

        var disconnecting = under.Client.DisconnectAsync(TimeSpan.FromSeconds(5));
        await connection.ExpectAsync("DISCONNECT");
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(1));
                return disconnecting.IsCompleted;
            },
            "the time was over");
        await disconnecting;
        await connection.Reading.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task Disconnecting_while_connecting_or_never_started_ends_the_client()
    {
        await using var server = new ScriptedStompServer();
        await using var connecting = ClientUnderTest.Started(server);
        await (await server.AcceptAsync()).ExpectAsync("CONNECT");
        var waiting = connecting.Client.WaitConnectedAsync(CancellationToken.None);
        await connecting.Client.DisconnectAsync(Eventually.Limit).WaitAsync(Eventually.Limit);
        await Assert.ThrowsAsync<StompNotConnectedException>(() => waiting);

        await using var never = new ClientUnderTest([server]);
        await never.Client.DisconnectAsync(Eventually.Limit).WaitAsync(Eventually.Limit);
        Assert.Equal(StompConnectionState.Closed, never.Client.State);
        await never.Client.DisposeAsync();
    }
}
