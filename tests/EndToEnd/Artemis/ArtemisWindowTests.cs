using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Artemis;

/// <summary>While the agent drains it holds what arrives un-acked: here the byte window decides whether a ping still gets through.</summary>
[Collection(nameof(ArtemisScene))]
public sealed class ArtemisWindowTests
{
    private const string Queue = ArtemisScene.Queue;
    private const string DrainLong = "agent.drain_timeout=5m";

    [Fact]
    public async Task A_ping_behind_a_thousand_unacked_requests_is_answered()
    {
        await using var scene = new ArtemisScene(settings: DrainLong);
        await scene.Agent.StartAsync();
        await scene.DrainsAsync();
        scene.SendOnce(Enumerable.Range(0, 1_000));

        Assert.Equal("DRAINING", scene.Ping().GetProperty("state").GetString());

        Assert.Equal(1_000, scene.Server.Unacked(Queue).Count);
        Assert.Equal(20_971_520, Assert.Single(scene.Server.Windows(Queue)));
        scene.LetGo();
        Assert.Equal(0, await scene.Agent.Process.ExitAsync());
        Assert.Equal(1_000, scene.Server.Pending(Queue).Count);
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task With_the_window_that_Artemis_gives_by_itself_it_would_not_be()
    {
        await using var scene = new ArtemisScene(settings: [DrainLong, "broker.window_bytes=10240"]);
        await scene.Agent.StartAsync();
        await scene.DrainsAsync();
        scene.SendOnce(Enumerable.Range(0, 1_000));
        var ping = scene.Server.Send(Queue, $$"""{"msg_type":"health_ping","reply_to":"{{ArtemisScene.Pong}}"}""");

        await scene.HoldsAsync(() => scene.Server.Unacked(Queue).Sum(d => d.Bytes) >= 10_240, () => "the window is full");

        Assert.InRange(scene.Server.Unacked(Queue).Count, 20, 60);
        Assert.Contains(scene.Server.Pending(Queue), m => m.Number == ping.Number);
    }

    [Fact]
    public async Task Of_more_requests_than_it_holds_the_oldest_are_refused_and_a_ping_behind_them_is_answered()
    {
        const int Over = 500;
        await using var scene = new ArtemisScene(settings: DrainLong);
        await scene.Agent.StartAsync();
        await scene.DrainsAsync();
        // With request_ids: of refusals without one only ten a second are told.
        for (var n = 0; n < 10_000 + Over; n++)
        {
            scene.Server.Send(Queue, $$"""{"msg_type":"once","n":"{{n}}","request_id":"r-{{n}}"}""");
        }

        Assert.Equal("DRAINING", scene.Ping().GetProperty("state").GetString());

        await scene.HoldsAsync(() => scene.Server.Unacked(Queue).Count == 10_000, () => $"10,000 un-acked, {scene.Server.Unacked(Queue).Count} now");
        await scene.SettlesAsync(Over);
        Assert.All(scene.Settlements, s => Assert.Equal("rejected", s.GetProperty("outcome").GetString()));
        Assert.Equal(
            Enumerable.Range(0, Over).Select(n => $"r-{n}").Order(),
            scene.Settlements.Select(s => s.GetProperty("request_id").GetString()!).Order());
        Assert.Empty(scene.Server.Pending(Queue));
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task Requests_of_more_bytes_than_it_holds_do_not_fill_the_window_before_it_refuses()
    {
        var pad = new string('x', 100_000);
        await using var scene = new ArtemisScene(settings: DrainLong);
        await scene.Agent.StartAsync();
        await scene.DrainsAsync();
        for (var n = 0; n < 300; n++)
        {
            scene.Server.Send(Queue, $$"""{"msg_type":"once","n":"{{n}}","pad":"{{pad}}"}""");
        }

        Assert.Equal("DRAINING", scene.Ping().GetProperty("state").GetString());

        // 16 MiB of bodies.
        await scene.HoldsAsync(() => scene.Server.Unacked(Queue).Sum(d => (long)d.Message.Body.Length) <= 16 << 20, () => "no more than 16 MiB un-acked");
        Assert.InRange(scene.Server.Unacked(Queue).Count, 150, 168);
        Assert.Empty(scene.Server.Pending(Queue));
        scene.NeverMisbehaved();
    }
}
