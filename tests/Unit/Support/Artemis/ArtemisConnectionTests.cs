using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.Unit.Support.Artemis;

/// <summary>The scripted server lets in, watches and ends connections as Artemis does.</summary>
public sealed class ArtemisConnectionTests
{
    private readonly FakeTime _time = new();

    [Theory]
    [InlineData("")]
    [InlineData("CONNECT")]
    public async Task A_handshake_that_has_not_come_to_8_bytes_in_10_s_is_closed_without_a_word(string begun)
    {
        await using var server = new ArtemisServer(time: _time);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendRawAsync(begun);
        await Eventually.HoldsAsync(() => _time.ArmedTimers == 1 && server.BytesRead == begun.Length, "the limit runs");

        _time.Advance(TimeSpan.FromSeconds(9.9));
        Assert.Equal(1, server.Open);
        _time.Advance(TimeSpan.FromSeconds(0.2));

        await client.ClosesAsync();
        Assert.Equal(1, server.HandshakesTimedOut);
    }

    [Fact]
    public async Task Eight_bytes_are_enough_for_the_limit()
    {
        await using var server = new ArtemisServer(time: _time);
        await using var client = await RawClient.OpenAsync(server);
        await client.SendRawAsync("CONNECT\n");
        await Eventually.HoldsAsync(() => server.BytesRead == 8, "the bytes are there");

        _time.Advance(TimeSpan.FromSeconds(11));

        Assert.StartsWith("CONNECTED\n", await client.AskAsync("accept-version:1.2\nhost:h\n\n"), StringComparison.Ordinal);
        Assert.Equal(0, server.HandshakesTimedOut);
    }

    [Theory]
    [InlineData("10000,10000", "10000,10000", 20_000)]
    [InlineData("100,100", "500,500", 1_000)]
    [InlineData("0,5000", "5000,30000", 60_000)]
    public async Task Silence_of_twice_the_promised_heart_beat_ends_the_connection_with_an_ERROR(string offered, string answered, int ttl)
    {
        await using var server = new ArtemisServer(time: _time);
        var (client, connected) = await RawClient.ConnectedAsync(server, headers: $"heart-beat:{offered}\n");
        await using var disposed = client;
        Assert.Equal(answered, ArtemisAckTests.Header(connected, "heart-beat"));

        _time.Advance(TimeSpan.FromMilliseconds(ttl));
        Assert.Empty(server.Errors);
        _time.Advance(TimeSpan.FromMilliseconds(ttl / 2));

        Assert.Contains($"within the {ttl}ms connection TTL", await client.NextAsync(), StringComparison.Ordinal);
        await client.ClosesAsync();
    }

    [Fact]
    public async Task A_line_end_is_a_sign_of_life_both_ways()
    {
        await using var server = new ArtemisServer(time: _time);
        var (client, _) = await RawClient.ConnectedAsync(server, headers: "heart-beat:1000,1000\n");
        await using var disposed = client;
        for (var i = 1; i <= 5; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(1.9));
            await client.SendRawAsync("\n");
            await Eventually.HoldsAsync(() => server.HeartBeats == i, $"heart-beat {i}");
        }

        Assert.Empty(server.Errors);
        Assert.Equal("\n\n", (await client.AskRawAsync("DISCONNECT\nreceipt:r\n\n\0"))[..2]);
    }

    [Fact]
    public async Task A_wrong_passcode_is_told_and_closed()
    {
        await using var server = new ArtemisServer(new ArtemisOptions { Login = "ops", Passcode = "right" });
        var (wrong, answer) = await RawClient.ConnectedAsync(server, headers: "login:ops\npasscode:wrong\n");
        await using var disposed = wrong;

        Assert.StartsWith("ERROR\nmessage:Security Error occurred", answer, StringComparison.Ordinal);
        await wrong.ClosesAsync();
        var (right, connected) = await RawClient.ConnectedAsync(server, headers: "login:ops\npasscode:right\n");
        await using var alsoDisposed = right;
        Assert.StartsWith("CONNECTED\n", connected, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.0", "a:b\\n")]
    [InlineData("1.1", "a\\cb\\n\\\\")]
    [InlineData("1.2", "a\\cb\\n\\\\\\r")]
    public async Task Headers_are_escaped_as_the_version_wants_it(string version, string value)
    {
        await using var server = new ArtemisServer();
        var (client, connected) = await RawClient.ConnectedAsync(server, version);
        await using var disposed = client;
        Assert.Equal(version, ArtemisAckTests.Header(connected, "version"));
        await client.SendAsync("SUBSCRIBE\nid:1\ndestination:/topic/t\n\n");

        var message = await client.AskAsync($"SEND\ndestination:/topic/t\nnote:{value}\n\nbody");

        Assert.Equal(value, ArtemisAckTests.Header(message, "note"));
        Assert.EndsWith("\n\nbody", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_address_that_may_not_be_made_is_an_ERROR_with_the_receipt_and_the_connection_goes_on()
    {
        await using var server = new ArtemisServer(new ArtemisOptions { Exists = d => d != "/queue/none" });
        var (client, _) = await RawClient.ConnectedAsync(server);
        await using var disposed = client;

        var error = await client.AskAsync("SEND\ndestination:/queue/none\nreceipt:r1\n\nx");

        Assert.Equal("ERROR\nmessage:AMQ339001\\c Destination does not exist\\c /queue/none\nreceipt-id:r1\n\n", error);
        Assert.StartsWith("RECEIPT\n", await client.AskAsync("SEND\ndestination:/queue/a\nreceipt:r2\n\nx"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_failure_is_told_and_closed_and_a_drop_is_not_told()
    {
        await using var server = new ArtemisServer();
        var (told, _) = await RawClient.ConnectedAsync(server);
        await using var disposed = told;
        server.Fail("AMQ229014: over");
        Assert.Equal("ERROR\nmessage:AMQ229014\\c over\n\n", await told.NextAsync());
        await told.ClosesAsync();

        var (dropped, _) = await RawClient.ConnectedAsync(server);
        await using var alsoDisposed = dropped;
        server.Drop();
        await Assert.ThrowsAsync<IOException>(dropped.ClosesAsync);
    }
}
