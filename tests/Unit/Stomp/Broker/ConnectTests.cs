using OpsAgent.Stomp;
using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Broker;

public sealed class ConnectTests
{
    [Theory]
    [InlineData("accept-version:1.0,1.1,1.2\n", "1.2")]
    [InlineData("accept-version: 1.1 ,1.0\n", "1.1")]
    [InlineData("accept-version:1.0,9.9\n", "1.0")]
    [InlineData("", "1.0")]
    public async Task The_highest_version_of_both_is_spoken(string header, string version)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.OpenAsync(broker);
        await peer.SendAsync($"STOMP\n{header}host:h\n\n\0");
        var connected = await peer.ExpectAsync("CONNECTED");

        Assert.Equal(version, connected.Headers.Get("version"));
        Assert.StartsWith("OpsAgent-Embedded/", connected.Headers.Get("server"), StringComparison.Ordinal);
        Assert.NotEmpty(connected.Headers.Get("session")!);
    }

    [Fact]
    public async Task Without_a_common_version_the_ERROR_names_those_there_are()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.OpenAsync(broker);
        await peer.SendAsync("CONNECT\naccept-version:2.0\nhost:h\n\n\0");

        Assert.Equal("1.0,1.1,1.2", (await peer.ExpectErrorAsync("supported protocol versions")).Headers.Get("version"));
    }

    [Theory]
    [InlineData("login:ops\npasscode:secret\n", true)]
    [InlineData("login:ops\npasscode:wrong\n", false)]
    [InlineData("login:other\npasscode:secret\n", false)]
    [InlineData("login:ops\n", false)]
    [InlineData("", false)]
    public async Task Who_is_known_may_connect(string headers, bool granted)
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions { Users = new Dictionary<string, string> { ["ops"] = "secret" } });
        using var peer = await RawPeer.OpenAsync(broker);
        await peer.SendAsync($"CONNECT\naccept-version:1.2\nhost:h\n{headers}\n\0");
        if (granted)
        {
            await peer.ExpectAsync("CONNECTED");
        }
        else
        {
            await peer.ExpectErrorAsync("login or passcode is wrong");
        }
    }

    [Fact]
    public async Task Who_does_not_say_CONNECT_in_time_is_told_and_closed()
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var peer = await RawPeer.OpenAsync(broker);
        await peer.SendAsync("CONNECT\naccept-version:1.2\n\n");
        var error = peer.ExpectErrorAsync($"no complete CONNECT frame within {Eventually.Limit.TotalSeconds:0} s");
        await Eventually.HoldsAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return error.IsCompleted;
            },
            "the broker gave up");
        await error;
    }

    [Theory]
    [InlineData("1.2", "1000,1000")]
    [InlineData("1.1", "1000,1000")]
    [InlineData("1.0", null)]
    public async Task CONNECTED_says_which_heart_beats_the_broker_can_do(string version, string? offer)
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.OpenAsync(broker);
        await peer.SendAsync($"CONNECT\naccept-version:{version}\nhost:h\nheart-beat:5000,5000\n\n\0");

        Assert.Equal(offer, (await peer.ExpectAsync("CONNECTED")).Headers.Get("heart-beat"));
    }

    [Fact]
    public async Task Who_promised_heart_beats_and_is_silent_is_ended_and_others_are_not()
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var noPromise = await RawPeer.ConnectedAsync(broker, headers: "heart-beat:0,0\n");
        using var noHeader = await RawPeer.ConnectedAsync(broker);
        using var old = await RawPeer.ConnectedAsync(broker, "1.0", headers: "heart-beat:5000,5000\n");
        using var silent = await RawPeer.ConnectedAsync(broker, headers: "heart-beat:5000,0\n");
        time.Advance(TimeSpan.FromSeconds(10.7));
        await noPromise.DoAsync("SEND", "destination:/topic/a");
        Assert.Equal(4, broker.Connections);
        time.Advance(TimeSpan.FromSeconds(0.2));
        await Eventually.HoldsAsync(() => broker.Connections == 3, "the silent one is gone");

        time.Advance(TimeSpan.FromMinutes(1));
        foreach (var peer in new[] { noPromise, noHeader, old })
        {
            await peer.DoAsync("SEND", "destination:/topic/a");
        }
    }

    [Theory]
    [InlineData("0,5000", 3)]
    [InlineData("0,100", 0.6)]
    public async Task The_broker_sends_line_ends_in_time_when_it_has_nothing_to_say(string heartBeat, double seconds)
    {
        var time = new FakeTime();
        await using var broker = await BrokerUnderTest.StartAsync(time: time);
        using var peer = await RawPeer.ConnectedAsync(broker, headers: $"heart-beat:{heartBeat}\n");
        time.Advance(TimeSpan.FromSeconds(seconds - 0.01));
        for (var i = 0; i < 3; i++)
        {
            var beat = peer.ExpectHeartBeatAsync();

            // Again and again, since what was written last may not be settled yet.
            await Eventually.HoldsAsync(
                () =>
                {
                    time.Advance(TimeSpan.FromSeconds(seconds));
                    return beat.IsCompleted;
                },
                $"line end {i}");
            await beat;
        }
    }

    [Fact]
    public async Task DISCONNECT_is_confirmed_before_the_close()
    {
        await using var broker = await BrokerUnderTest.StartAsync();
        using var peer = await RawPeer.ConnectedAsync(broker);
        await peer.SendAsync("DISCONNECT\nreceipt:bye\n\n\0SEND\ndestination:/queue/a\n\nlate\0");

        Assert.Equal("bye", (await peer.ExpectAsync("RECEIPT")).Headers.Get("receipt-id"));
        Assert.Null(await peer.ReadAsync());
        Assert.Equal(0, broker.Messages);
    }
}
