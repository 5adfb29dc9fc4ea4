using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class WaitingTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    [Fact]
    public async Task A_wait_that_was_too_long_says_why_the_last_try_failed()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, time);
        var waiting = under.Client.WaitConnectedAsync(Limit);
        var refused = await server.AcceptAsync();
        await refused.ExpectAsync("CONNECT");
        await refused.SendFrameAsync("ERROR", [("message", "wrong password")], "");
        await under.SeesAsync(StompChangeKind.ConnectFailed);

        time.Advance(Limit);

        var failure = await Assert.ThrowsAsync<StompNotConnectedException>(() => waiting);
        Assert.Equal($"there was no connection within 5 s: 127.0.0.1:{server.Port}: the broker refused the connection: wrong password", failure.Message);
    }

    [Fact]
    public async Task A_wait_in_time_ends_with_the_connection_and_one_before_the_start_says_so()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        await using var under = new ClientUnderTest([server], time);
        var early = under.Client.WaitConnectedAsync(Limit);
        time.Advance(Limit);
        var failure = await Assert.ThrowsAsync<StompNotConnectedException>(() => early);
        Assert.Equal("there was no connection within 5 s: the client was not started", failure.Message);

        under.Client.Start();
        var waiting = under.Client.WaitConnectedAsync(Limit);
        await server.GrantAsync();

        await waiting.WaitAsync(Eventually.Limit);
    }

    [Fact]
    public async Task A_wait_can_be_given_up_and_ends_with_the_client()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        using var stop = new CancellationTokenSource();
        var given = under.Client.WaitConnectedAsync(Limit, stop.Token);
        var left = under.Client.WaitConnectedAsync(Limit);

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => given);
        await under.Client.DisposeAsync();
        await Assert.ThrowsAsync<StompNotConnectedException>(() => left);
    }

    [Fact]
    public async Task Text_is_sent_and_read_as_UTF_8()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        under.Subscribe();
        var connection = await server.GrantAsync();
        await connection.ExpectAsync("SUBSCRIBE");

        await under.Client.SendAsync(new StompOutgoing("/queue/a", "grün {}"));
        Assert.Equal("SEND destination:/queue/a [grün {}]", (await connection.ExpectAsync("SEND")).ToString());

        await connection.SendFrameAsync("MESSAGE", [("subscription", "1"), ("message-id", "m"), ("destination", "/queue/a")], "schön");
        Assert.Equal("schön", (await under.ReceivesAsync()).GetText());
    }
}
