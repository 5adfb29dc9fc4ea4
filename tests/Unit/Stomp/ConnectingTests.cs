using Microsoft.Extensions.Logging;
using OpsAgent.Stomp;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class ConnectingTests
{
    [Fact]
    public async Task A_granted_connection_is_announced_with_version_and_server()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, change: o => o with { Login = "ops", Passcode = "secret", VirtualHost = "/v" });
        var connect = await (await server.AcceptAsync()).GrantAsync("1.1");
        await under.Client.WaitConnectedAsync(CancellationToken.None).WaitAsync(Eventually.Limit);

        Assert.Equal(("ops", "secret", "/v", "1.0,1.1,1.2"), (connect["login"], connect["passcode"], connect["host"], connect["accept-version"]));
        var connected = await under.SeesAsync(StompChangeKind.Connected);
        Assert.Equal(("1.1", "scripted/1", server.Port), (connected.Version, connected.Server, connected.Endpoint.Port));
        Assert.Equal([StompChangeKind.Connecting, StompChangeKind.Connected], under.Changes.Select(c => c.Kind));
        Assert.Equal(StompConnectionState.Connected, under.Client.State);
    }

    [Fact]
    public async Task A_login_that_is_refused_is_tried_again_until_it_is_granted()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        for (var i = 0; i < 3; i++)
        {
            var refused = await server.AcceptAsync();
            await refused.ExpectAsync("CONNECT");
            await refused.SendFrameAsync("ERROR", [("message", "wrong \u001b[31mpassword")], "java.lang.SecurityException\n at x\n");
            refused.Close();
        }

        await server.GrantAsync();
        await under.Client.WaitConnectedAsync(CancellationToken.None).WaitAsync(Eventually.Limit);

        Assert.Contains("wrong ?[31mpassword", (await under.SeesAsync(StompChangeKind.ConnectFailed)).Reason);
        Assert.Equal(3, under.Changes.Count(c => c.Kind == StompChangeKind.ConnectFailed));
    }

    [Fact]
    public async Task Endpoints_are_tried_in_turn()
    {
        await using var dead = new ScriptedStompServer();
        await using var alive = new ScriptedStompServer();
        dead.StopListening();
        await using var under = new ClientUnderTest([dead, alive]);
        under.Client.Start();

        var first = await alive.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);
        first.Drop();
        await alive.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected, times: 2);

        Assert.Equal([dead.Port, alive.Port, dead.Port, alive.Port], under.Changes.Where(c => c.Kind == StompChangeKind.Connecting).Select(c => c.Endpoint.Port).Take(4));
    }

    [Fact]
    public async Task An_endpoint_that_never_answers_holds_up_the_next_no_longer_than_the_connect_timeout()
    {
        var time = new FakeTime();
        await using var silent = new ScriptedStompServer();
        await using var alive = new ScriptedStompServer();
        await using var under = new ClientUnderTest([silent, alive], time, o => o with { ConnectTimeout = TimeSpan.FromSeconds(10) });
        under.Client.Start();

        await (await silent.AcceptAsync()).ExpectAsync("CONNECT");
        time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.DoesNotContain(under.Changes, c => c.Kind == StompChangeKind.ConnectFailed);
        time.Advance(TimeSpan.FromSeconds(0.2));
        await alive.GrantAsync();

        Assert.Equal("no connection within 10 s", (await under.SeesAsync(StompChangeKind.ConnectFailed)).Reason);
        await under.SeesAsync(StompChangeKind.Connected);
    }

    [Theory]
    [InlineData("CONNECTED\nversion:2.0\n\n\0", "2.0, which was not offered")]
    [InlineData("CONNECTED\nversion:1.2\nheart-beat:soon\n\n\0", "heart-beat is not two numbers: soon")]
    [InlineData("RECEIPT\nreceipt-id:1\n\n\0", "answered CONNECT with a Receipt frame")]
    [InlineData("HTTP/1.1 400 Bad Request\r\n\r\n", "does not begin with a STOMP command")]
    [InlineData("", "closed the connection without an answer")]
    public async Task An_answer_that_makes_no_sense_fails_the_try_with_its_reason(string answer, string reason)
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.AcceptAsync();
        await connection.ExpectAsync("CONNECT");
        await connection.SendRawAsync(answer);
        connection.Close();

        Assert.Contains(reason, (await under.SeesAsync(StompChangeKind.ConnectFailed)).Reason);
    }

    [Fact]
    public async Task A_CONNECTED_without_a_version_means_1_0()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var connection = await server.AcceptAsync();
        await connection.ExpectAsync("CONNECT");
        await connection.SendRawAsync("CONNECTED\nsession:x\n\n\0");

        Assert.Equal("1.0", (await under.SeesAsync(StompChangeKind.Connected)).Version);
    }

    [Fact]
    public async Task While_nobody_listens_tries_are_close_together_and_one_warning_a_minute_is_logged()
    {
        var time = new FakeTime();
        await using var server = new ScriptedStompServer();
        server.StopListening();
        await using var under = ClientUnderTest.Started(server, time);

        // Two minutes, moved on by the longest pause that may be: a try must follow each time.
        for (var i = 1; i <= 300; i++)
        {
            await under.SeesAsync(StompChangeKind.ConnectFailed, times: i);
            await Eventually.HoldsAsync(() => time.ArmedTimers > 0 || under.Changes.Count(c => c.Kind == StompChangeKind.ConnectFailed) > i, "a pause");
            time.Advance(TimeSpan.FromSeconds(0.4));
        }

        Assert.InRange(under.Log.At(LogLevel.Warning).Count, 2, 3);
        Assert.Contains("no connection to 127.0.0.1", under.Log.At(LogLevel.Warning)[0]);
    }

    [Fact]
    public async Task When_the_server_listens_again_the_client_is_back()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server);
        var first = await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected);

        server.StopListening();
        first.Drop();
        await under.SeesAsync(StompChangeKind.ConnectFailed, times: 3);
        Assert.NotEqual(StompConnectionState.Connected, under.Client.State);
        var waiting = under.Client.WaitConnectedAsync(CancellationToken.None);
        Assert.False(waiting.IsCompleted);

        server.ListenAgain();
        await server.GrantAsync();
        await waiting.WaitAsync(Eventually.Limit);
        Assert.Equal(StompConnectionState.Connected, under.Client.State);
    }

    [Fact]
    public async Task The_passcode_is_neither_logged_nor_printed()
    {
        await using var server = new ScriptedStompServer();
        await using var under = ClientUnderTest.Started(server, change: o => o with { Login = "ops", Passcode = "hunter2" });
        (await server.GrantAsync()).Drop();
        await server.GrantAsync();
        await under.SeesAsync(StompChangeKind.Connected, times: 2);

        Assert.NotEmpty(under.Log.All);
        Assert.DoesNotContain(under.Log.All, l => l.Contains("hunter2", StringComparison.Ordinal));
        var printed = new StompClientOptions { Endpoints = [], Login = "ops", Passcode = "hunter2" }.ToString();
        Assert.Contains("Passcode = ***", printed);
        Assert.DoesNotContain("hunter2", printed);
    }

    [Fact]
    public async Task A_listener_that_throws_does_not_end_the_client()
    {
        await using var server = new ScriptedStompServer();
        await using var under = new ClientUnderTest([server]);
        under.Client.Changed += (_, _) => throw new InvalidOperationException("listener");
        under.Client.Start();
        await server.GrantAsync();

        await under.Client.WaitConnectedAsync(CancellationToken.None).WaitAsync(Eventually.Limit);
        Assert.Contains(under.Log.At(LogLevel.Error), l => l.Contains("listener", StringComparison.Ordinal));
    }
}
