using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Artemis;

/// <summary>The agent comes through what Artemis does to connections.</summary>
[Collection(nameof(ArtemisScene))]
public sealed class ArtemisConnectionTests
{
    private const string Queue = ArtemisScene.Queue;

    [Fact]
    public async Task An_ERROR_and_the_end_after_it_are_ridden_out()
    {
        await using var scene = new ArtemisScene();
        await scene.Agent.StartAsync();
        for (var i = 1; i <= 5; i++)
        {
            scene.Server.Fail("AMQ229014: Did not receive data from the client");
            scene.SendOnce([i]);
            await scene.SettlesAsync(i);
        }

        Assert.Contains("the broker reported an error: AMQ229014", scene.Agent.Process.Output, StringComparison.Ordinal);
        Assert.All(scene.Settlements, s => Assert.Equal("ok", s.GetProperty("outcome").GetString()));
        Assert.Equal(6, scene.Server.Accepted);
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task A_handshake_that_the_broker_ends_at_its_limit_is_tried_again_until_it_goes_through()
    {
        await using var scene = new ArtemisScene(new ArtemisOptions { HandshakeTimeout = TimeSpan.FromSeconds(2) });
        scene.Server.StallHandshakes(2);
        scene.SendOnce([1]);

        await scene.Agent.StartAsync();
        await scene.SettlesAsync(1);

        Assert.True(scene.Server.HandshakesTimedOut >= 2, "no handshake was stalled");
        Assert.False(scene.Agent.Process.HasExited);
    }

    [Fact]
    public async Task An_agent_that_stood_still_for_longer_than_the_time_to_live_comes_back_and_doubles_nothing()
    {
        await using var scene = new ArtemisScene(settings: "broker.heart_beat=1s");
        await scene.Agent.StartAsync();
        Assert.Equal("1000,1000", Assert.Single(scene.Server.Frames, f => f.Command == "CONNECT")["heart-beat"]);
        scene.Server.LosesAcks = true;
        scene.SendOnce(Enumerable.Range(0, 5));
        await scene.SettlesAsync(5);

        scene.Agent.Process.Signal(PosixSignalNumber.Stop);
        try
        {
            await scene.HoldsAsync(() => scene.Server.Errors.Any(e => e.Contains("within the 2000ms connection TTL", StringComparison.Ordinal)), () => "the end of the connection");
            Assert.Equal(5, scene.Server.Pending(Queue).Count);
        }
        finally
        {
            scene.Agent.Process.Signal(PosixSignalNumber.Continue);
        }

        scene.Server.LosesAcks = false;
        await scene.IsDrainedAsync();
        scene.Ping();
        scene.EachWasDoneOnce(5);
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task Whatever_it_refuses_it_acks_and_never_answers_with_NACK()
    {
        await using var scene = new ArtemisScene();
        await scene.Agent.StartAsync();
        scene.Server.Send(Queue, "not json at all");
        scene.Server.Send(Queue, """{"msg_type":"nobody_knows"}""", contentLength: true);
        scene.Server.Send(Queue, """{"msg_type":"once","n":"-rf"}""");
        scene.Server.Send(Queue, """{"msg_type":"once","n":"1","namespace":"elsewhere"}""");
        scene.Server.Send(Queue, $$"""{"msg_type":"once","n":"1","pad":"{{new string('x', 300_000)}}"}""");
        scene.Server.Send(Queue, "", headers: [.. Enumerable.Range(0, 500).Select(i => ($"h-{i}", new string('v', 100)))]);
        scene.Server.Send(Queue, $$"""{"msg_type":"once","n":"1","pad":"{{new string('x', 5_000_000)}}"}""", contentLength: true);

        await scene.IsDrainedAsync();
        await scene.SettlesAsync(6);

        Assert.All(scene.Settlements, s => Assert.Equal("rejected", s.GetProperty("outcome").GetString()));
        Assert.Equal(1, scene.Server.Accepted);
        Assert.Empty(scene.Starts);
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task A_pong_that_the_broker_does_not_take_costs_a_connection_and_does_not_come_again()
    {
        await using var scene = new ArtemisScene(new ArtemisOptions { Exists = d => d != "/queue/nowhere" });
        await scene.Agent.StartAsync();
        scene.Server.Send(Queue, """{"msg_type":"health_ping","reply_to":"/queue/nowhere"}""");
        await scene.HoldsAsync(() => scene.Server.Accepted == 2 && scene.Server.Windows(Queue).Count == 1, () => "the agent is back");

        scene.Ping();

        Assert.Equal(2, scene.Server.Accepted);
        Assert.Equal(["AMQ339001: Destination does not exist: /queue/nowhere"], scene.Server.Errors);
        Assert.Equal(2, scene.Server.Deliveries(Queue).Count);
    }

    [Fact]
    public async Task An_event_that_the_broker_does_not_take_does_not_stop_the_others()
    {
        await using var scene = new ArtemisScene(new ArtemisOptions { Exists = d => d != ArtemisScene.Events });
        await scene.Agent.StartAsync();
        scene.SendOnce(Enumerable.Range(0, 3));

        await scene.SettlesAsync(3);

        Assert.All(scene.Settlements, s => Assert.Equal("ok", s.GetProperty("outcome").GetString()));
        Assert.Equal(3, scene.Starts.Values.Sum());
    }

    [Fact]
    public async Task Opsctl_pings_through_it()
    {
        await using var scene = new ArtemisScene();
        await scene.Agent.StartAsync();

        var ping = await scene.Agent.OpsCtlAsync("ping");

        Assert.True(ping.ExitCode == 0, ping.Output);
        Assert.Empty(scene.Server.Errors);
    }
}
