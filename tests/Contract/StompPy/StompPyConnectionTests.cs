using OpsAgent.Stomp.Broker;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.Contract.StompPy;

/// <summary>How stomp.py comes and goes: login, versions, heart-beats, ERROR, and coming back.</summary>
public sealed class StompPyConnectionTests
{
    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task The_version_that_is_offered_is_agreed_on_and_a_good_bye_is_confirmed(string version)
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var peer = await StompPyPeer.ConnectedAsync(broker.Port, version);

        var connected = await peer.SeesAsync("connected");
        Assert.Equal(version, connected["version"]);
        Assert.NotEmpty(connected["session"]);
        Assert.NotEmpty(connected["server"]);
        await peer.DisconnectAsync();

        Assert.Equal("good-bye", (await peer.SeesAsync("receipt"))["receipt-id"]);
        await peer.SeesAsync("disconnected");
        await Eventually.HoldsAsync(() => broker.Connections == 0, "the broker lets it go");
        Assert.DoesNotContain(peer.Events, e => e.Kind == "error");
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task The_right_passcode_is_let_in_and_a_wrong_one_is_told(string version)
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions { Users = new Dictionary<string, string> { ["ops"] = "pass:word\\1" } });
        await using var peer = new StompPyPeer();
        foreach (var (user, passcode) in ((string?, string?)[])[("ops", "wrong"), ("other", "pass:word\\1"), (null, null)])
        {
            var refused = await Assert.ThrowsAsync<StompPyException>(() => peer.ConnectAsync(broker.Port, version, user, passcode));
            Assert.Contains("ConnectFailedException", refused.Message, StringComparison.Ordinal);
        }

        Assert.Equal("login or passcode is wrong", (await peer.SeesAsync("error", 3))["message"]);
        Assert.DoesNotContain(peer.Events, e => e.Kind == "connected");
        await peer.ConnectAsync(broker.Port, version, "ops", "pass:word\\1");

        await peer.SendAsync("/queue/a", "let in");
        await broker.HasAsync("/queue/a", waiting: 1, handedOut: 0);
    }

    [ServerFact("python3-stomp")]
    public async Task What_the_broker_refuses_reaches_the_listener_as_an_ERROR_with_the_receipt_asked_for()
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var peer = await StompPyPeer.ConnectedAsync(broker.Port, "1.1");

        await peer.SendUnconfirmedAsync("nowhere", "x", ("receipt", "r-1"));

        var error = await peer.SeesAsync("error");
        Assert.Equal("a destination is /queue/NAME or /topic/NAME, not nowhere", error["message"]);
        Assert.Equal("r-1", error["receipt-id"]);
        await peer.SeesAsync("disconnected");
        await Eventually.HoldsAsync(() => broker.Connections == 0, "the broker lets it go");
        Assert.DoesNotContain(peer.Events, e => e.Kind == "receipt");
    }

    [ServerFact("python3-stomp")]
    public async Task Heart_beats_keep_idle_connections_up_in_both_directions_and_in_one()
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        await using var both = await StompPyPeer.ConnectedAsync(broker.Port, "1.1", heartBeatSend: 1_500, heartBeatReceive: 1_500);
        await using var listens = await StompPyPeer.ConnectedAsync(broker.Port, "1.2", heartBeatReceive: 1_500);
        await using var talks = await StompPyPeer.ConnectedAsync(broker.Port, "1.2", heartBeatSend: 1_500);

        // Heart-beats come every 0.9 s. Silence would have ended a connection after 3.8 s here, and after some 3 s there.
        await both.SeesAsync("heartbeat", 7);
        await listens.SeesAsync("heartbeat", 7);

        Assert.Equal(3, broker.Connections);
        Assert.DoesNotContain(talks.Events, e => e.Kind == "heartbeat");
        foreach (var peer in (StompPyPeer[])[both, listens, talks])
        {
            Assert.DoesNotContain(peer.Events, e => e.Kind is "heartbeat_timeout" or "disconnected");
            await peer.SendAsync("/queue/a", "still there");
        }
    }

    [ServerFact("python3-stomp")]
    public async Task A_client_that_promised_heart_beats_and_is_silent_is_let_go_and_its_messages_go_to_others()
    {
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions { HeartBeatReceive = TimeSpan.FromSeconds(0.2) });
        await using var frozen = await StompPyPeer.ConnectedAsync(broker.Port, "1.1", heartBeatSend: 500);
        await frozen.SubscribeAsync("/queue/work", ack: "client-individual");
        await frozen.SendAsync("/queue/work", "m");
        await frozen.ReceivesAsync();
        await using var other = await StompPyPeer.ConnectedAsync(broker.Port, "1.1");
        await other.SubscribeAsync("/queue/work", ack: "client-individual");

        frozen.Process.Signal(PosixSignalNumber.Stop);
        try
        {
            Assert.Equal(("m", "true"), ((await other.ReceivesAsync()).Body, other.Messages[0]["redelivered"]));
            await Eventually.HoldsAsync(() => broker.Connections == 1, "the silent one is let go");
        }
        finally
        {
            frozen.Process.Signal(PosixSignalNumber.Continue);
        }

        await frozen.SeesAsync("disconnected");
    }

    [ServerFact("python3-stomp")]
    public async Task A_client_that_promised_nothing_may_be_silent()
    {
        var time = new FakeTime();
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions(), time: time);
        await using var peer = await StompPyPeer.ConnectedAsync(broker.Port, "1.1");

        time.Advance(TimeSpan.FromHours(1));

        await peer.SendAsync("/queue/a", "still there");
        Assert.Equal(1, broker.Connections);
    }

    [ServerTheory("python3-stomp")]
    [InlineData("1.0")]
    [InlineData("1.1")]
    [InlineData("1.2")]
    public async Task After_a_restart_of_the_broker_on_its_port_stomp_py_comes_back_and_message_ids_are_new(string version)
    {
        var broker = await StompBroker.StartAsync(new StompBrokerOptions());
        var port = broker.Port;
        await using var peer = await StompPyPeer.ConnectedAsync(port, version);
        await peer.SubscribeAsync("/queue/work", ack: "client-individual");
        await peer.SendAsync("/queue/work", "before");
        var before = await peer.ReceivesAsync();

        await broker.DisposeAsync();
        await peer.SeesAsync("disconnected");
        await Assert.ThrowsAsync<StompPyException>(() => peer.ConnectAsync(port, version));
        broker = await StompBroker.StartAsync(new StompBrokerOptions { Port = port });
        await using var again = broker;
        await peer.ConnectAsync(port, version);
        await peer.SubscribeAsync("/queue/work", ack: "client-individual");
        await peer.SendAsync("/queue/work", "after");

        // It keeps nothing over a restart, so what comes is the new one.
        var after = await peer.ReceivesAsync(2);
        Assert.Equal("after", after.Body);
        Assert.NotEqual(before["message-id"], after["message-id"]);
        await peer.AckAsync(after);
        await broker.HasAsync("/queue/work", waiting: 0, handedOut: 0);
    }

    [ServerFact("python3-stomp")]
    public async Task The_facility_s_own_way_of_connecting_is_understood()
    {
        // STOMP instead of CONNECT, 1.1 alone, JSON text without content-length: as its agent and its web tier do.
        await using var broker = await StompBroker.StartAsync(new StompBrokerOptions { Users = new Dictionary<string, string> { ["admin"] = "admin" } });
        var endpoint = new StompPyEndpoint(broker.Port, "admin", "admin");
        await using var listener = await StompPyListener.StartAsync(endpoint, "/topic/epictopic", "/queue/epicprod.ops");

        await StompPySender.SendAsync(endpoint, "/topic/epictopic", ["""{"msg_type":"one"}"""]);
        await StompPySender.SendAsync(endpoint, "/queue/epicprod.ops", ["""{"msg_type":"two"}"""], contentLength: true);

        var one = await listener.ReceivesAsync(m => m["msg_type"] == "one", "the message of the topic");
        var two = await listener.ReceivesAsync(m => m["msg_type"] == "two", "the message of the queue");
        Assert.False(one.Headers.ContainsKey("content-length"));
        Assert.True(two.Headers.ContainsKey("content-length"));
    }
}
