using System.Text;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The published agent rides out what brokers and networks do. Where a time is promised, the better of two rounds counts.</summary>
[Collection(nameof(Broker))]
public sealed class BrokerLossTests(Broker broker, ITestOutputHelper output)
{
    /// <summary>After a refusal or a reset: from the broker's return to the agent's.</summary>
    private static readonly TimeSpan AfterReturn = TimeSpan.FromSeconds(1);

    /// <summary>After silence: two heart-beats of a second, and one more.</summary>
    private static readonly TimeSpan AfterSilence = TimeSpan.FromSeconds(3);

    /// <summary>
    /// Where the broker alone misses heart-beats. It looks every 1.5 s (they are promised each second, times its hbGracePeriodMultiplier)
    /// and ends a connection at the third look at which nothing has come: 4.5 s at most. Then it is as after a reset.
    /// </summary>
    private static readonly TimeSpan AfterBrokersCheck = TimeSpan.FromSeconds(4.5) + AfterReturn;

    /// <summary>No round may take longer than this, however slow the machine is.</summary>
    private static readonly TimeSpan Slow = TimeSpan.FromSeconds(25);

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_broker_that_is_killed_under_load_and_comes_back_has_the_agent_back_within_1_s_and_nothing_is_lost_or_doubled(bool tls)
    {
        await using var own = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true });
        await using var scene = await SetAsync(own, tls);
        await scene.Agent.StartAsync();
        await using var sender = new PersistentSender(own, scene.Queue);
        var load = sender.SendAsync(120);
        var took = new List<TimeSpan>();
        foreach (var at in (int[])[30, 80])
        {
            await Eventually.HoldsAsync(() => sender.Confirmed >= at, () => $"{sender.Confirmed} requests are with the broker");
            var connections = Connections(scene);
            await own.KillAsync();
            await own.StartAgainAsync();
            took.Add(await IsBackAsync(scene, connections));
        }

        await load;
        Within(AfterReturn, took);
        await Eventually.HoldsAsync(() => Notes(scene).Distinct().Count() == 120, () => $"{Notes(scene).Distinct().Count()} of 120 ran");
        Assert.Equal(0, await scene.Agent.StopAsync());
        Assert.Equal(Enumerable.Range(1, 120), Notes(scene).Order());
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData(LineHalf.Both)]
    [InlineData(LineHalf.Down)]
    public async Task A_connection_that_falls_silent_without_a_reset_is_given_up_in_time_and_nothing_is_doubled(LineHalf half)
    {
        await using var line = MuteLine.To(broker.ActiveMq.Port);
        await using var scene = await SetAsync(line.Port);
        await scene.Agent.StartAsync();
        var took = new List<TimeSpan>();
        for (var round = 1; round <= 2; round++)
        {
            var connections = Connections(scene);
            line.Mute(half);
            var began = TimeProvider.System.GetTimestamp();
            await scene.SendAsync($$"""{"msg_type":"note","n":"{{round}}","request_id":"n{{round}}"}""");
            await IsBackAsync(scene, connections);
            took.Add(TimeProvider.System.GetElapsedTime(began));

            // The broker holds the silent connection for the queue's consumer until it misses heart-beats too.
            Assert.Equal("ok", (await scene.SettlesAsync($"n{round}"))["outcome"]);
        }

        Within(AfterSilence, took);
        Assert.Equal([1, 2], Notes(scene));
        Assert.Contains("nothing came from the broker for 2.8 s", scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_half_open_connection_on_which_only_the_broker_is_heard_is_ended_by_the_broker_and_come_back_from()
    {
        await using var line = MuteLine.To(broker.ActiveMq.Port);
        await using var scene = await SetAsync(line.Port);
        await scene.Agent.StartAsync();
        var took = new List<TimeSpan>();
        for (var round = 1; round <= 2; round++)
        {
            var connections = Connections(scene);
            line.Mute(LineHalf.Up);
            var began = TimeProvider.System.GetTimestamp();
            await scene.SendAsync($$"""{"msg_type":"note","n":"{{round}}","request_id":"n{{round}}"}""");
            await IsBackAsync(scene, connections);
            took.Add(TimeProvider.System.GetElapsedTime(began));

            // It ran, its ack was lost, and the broker has delivered it again.
            Assert.Equal("ok", (await scene.SettlesAsync($"n{round}"))["outcome"]);
        }

        Within(AfterBrokersCheck, took);
        await scene.SendAsync("""{"msg_type":"note","n":"3","request_id":"n3"}""");
        await scene.SettlesAsync("n3");
        Assert.Equal([1, 2, 3], Notes(scene));
        Assert.Single(scene.Settlements, m => m["request_id"] == "n1");
        Assert.Single(scene.Settlements, m => m["request_id"] == "n2");
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_broker_that_accepts_and_says_nothing_is_left_for_the_next_host_and_come_back_to_when_it_speaks()
    {
        await using var mute = MuteLine.To(broker.ActiveMq.Port);
        await using var scene = await SetAsync($"localhost:{mute.Port},localhost:{broker.ActiveMq.Port}", tls: false);
        await using var alone = await SetAsync(mute.Port);
        var (next, again) = (new List<TimeSpan>(), new List<TimeSpan>());
        for (var round = 1; round <= 2; round++)
        {
            mute.LostFromNowOn = LineHalf.Both;
            scene.Agent.Launch();
            await scene.Agent.Process.WritesAsync("ready with");
            next.Add(await IsBackAsync(scene, connections: 0));
            Assert.Contains("no connection within 2 s", scene.Agent.Process.Output, StringComparison.Ordinal);
            Assert.Contains($"connected to localhost:{broker.ActiveMq.Port}", scene.Agent.Process.Output, StringComparison.Ordinal);
            Assert.Equal("pong", (await scene.PingAsync())["msg_type"]);
            Assert.Equal(0, await scene.Agent.StopAsync());

            alone.Agent.Launch();
            await alone.Agent.Process.WritesAsync("no connection within 2 s");
            mute.LostFromNowOn = LineHalf.None;
            again.Add(await IsBackAsync(alone, connections: 0));
            Assert.Equal(0, await alone.Agent.StopAsync());
        }

        Within(AfterSilence, next);
        Within(AfterSilence, again);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_slow_TLS_handshake_does_not_hold_up_the_next_host()
    {
        await using var slow = new SlowTlsRelay(broker.ActiveMq.TlsPort, _ => TimeSpan.FromMinutes(1));
        await using var scene = await SetAsync($"localhost:{slow.Port},localhost:{broker.ActiveMq.TlsPort}", tls: true);
        var took = new List<TimeSpan>();
        for (var round = 1; round <= 2; round++)
        {
            scene.Agent.Launch();
            await scene.Agent.Process.WritesAsync("ready with");
            took.Add(await IsBackAsync(scene, connections: 0));
            Assert.Equal(round, slow.Connections);
            Assert.Contains($"connected to localhost:{broker.ActiveMq.TlsPort}", scene.Agent.Process.Output, StringComparison.Ordinal);
            Assert.Equal(0, await scene.Agent.StopAsync());
        }

        Within(AfterSilence, took);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task After_an_ERROR_frame_as_when_the_queue_is_deleted_the_agent_subscribes_again_within_1_s()
    {
        await using var line = MuteLine.To(broker.ActiveMq.Port);
        await using var scene = await SetAsync(line.Port);
        await scene.Agent.StartAsync();
        var took = new List<TimeSpan>();
        for (var round = 1; round <= 2; round++)
        {
            var connections = Connections(scene);
            await line.SayAsync(Encoding.UTF8.GetBytes("ERROR\nmessage:consumer with ID 0 disconnected by server\n\n\0"));
            took.Add(await IsBackAsync(scene, connections));
            await scene.SendAsync($$"""{"msg_type":"note","n":"{{round}}","request_id":"n{{round}}"}""");
            Assert.Equal("ok", (await scene.SettlesAsync($"n{round}"))["outcome"]);
        }

        Within(AfterReturn, took);
        Assert.Contains("the broker reported an error: consumer with ID 0 disconnected by server", scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_queue_that_is_deleted_under_the_subscription_is_consumed_again_with_the_next_request_and_nothing_is_doubled()
    {
        await using var own = await ActiveMqBroker.StartAsync(new ActiveMqOptions { Persistent = true, OpenWire = true });
        await using var scene = await SetAsync(own, tls: false);
        await scene.Agent.StartAsync();
        await using var sender = new PersistentSender(own, scene.Queue);
        await sender.SendAsync(10);
        var name = scene.Queue["/queue/".Length..];
        var took = new List<TimeSpan>();

        // Classic refuses it where somebody subscribes, unless it is told to detach whoever does, as its console tells it.
        Assert.Contains("still has an active subscription", await OpenWireAdmin.DeleteAsync(own.OpenWirePort, name, TimeSpan.Zero), StringComparison.Ordinal);
        for (var round = 1; round <= 2; round++)
        {
            await Eventually.HoldsAsync(() => Notes(scene).Length == 10 * round, () => $"{Notes(scene).Length} of {10 * round} ran");
            var why = await OpenWireAdmin.DeleteAsync(own.OpenWirePort, name, TimeSpan.FromSeconds(1));
            output.WriteLine($"deleted: {why}");
            Assert.Null(why);
            var began = TimeProvider.System.GetTimestamp();
            await sender.SendAsync(10 * (round + 1), from: 10 * round + 1);
            await Eventually.HoldsAsync(() => Notes(scene).Length >= 10 * (round + 1), () => $"{Notes(scene).Length}; the agent wrote:\n{scene.Agent.Process.Output}");
            took.Add(TimeProvider.System.GetElapsedTime(began));
            output.WriteLine($"connections: {Connections(scene)}");
        }

        Within(AfterReturn, took);
        Assert.Equal(0, await scene.Agent.StopAsync());
        Assert.Equal(Enumerable.Range(1, 30), Notes(scene).Order());
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_login_that_is_refused_is_tried_on_and_used_within_1_s_once_it_is_granted()
    {
        await using var own = await ActiveMqBroker.StartAsync();
        await using var scene = await SetAsync(own, tls: false);
        await scene.Agent.StartAsync();
        var took = new List<TimeSpan>();
        for (var round = 1; round <= 2; round++)
        {
            var connections = Connections(scene);
            own.TakesLogin = false;
            await own.KillAsync();
            await own.StartAgainAsync();
            await Eventually.HoldsAsync(() => Refusals(scene) >= round, () => $"a refusal; the agent wrote:\n{scene.Agent.Process.Output}");
            Assert.Equal(connections, Connections(scene));

            own.TakesLogin = true;
            await own.KillAsync();
            await own.StartAgainAsync();
            took.Add(await IsBackAsync(scene, connections));
        }

        Within(AfterReturn, took);
        Assert.DoesNotContain(ActiveMqBroker.Passcode, scene.Agent.Process.Output, StringComparison.Ordinal);
    }

    private Task<Scene> SetAsync(ActiveMqBroker own, bool tls) =>
        SetAsync($"localhost:{(tls ? own.TlsPort : own.Port)}", tls, own.Certificates.CaFile);

    private Task<Scene> SetAsync(int port) => SetAsync($"localhost:{port}", tls: false);

    private Task<Scene> SetAsync(string hosts, bool tls, string? caFile = null)
    {
        var environment = new Dictionary<string, string> { ["ACTIVEMQ_HOST"] = hosts, ["SWF_STOMP_DEBUG"] = "true" };
        if (tls)
        {
            environment["ACTIVEMQ_USE_SSL"] = "true";
            environment["ACTIVEMQ_SSL_CA_CERTS"] = caFile ?? broker.ActiveMq.Certificates.CaFile;
        }

        return Scene.SetAsync(
            broker, folder => $"{Manifests.Small(folder)}\n\n[broker]\nheart_beat = \"1s\"\nconnect_timeout = \"2s\"\n", environment);
    }

    private static int Connections(Scene scene) => scene.Agent.Process.Output.Split("; consuming ").Length - 1;

    private static int Refusals(Scene scene) => scene.Agent.Process.Output.Split("the broker refused the connection: ").Length - 1;

    private static async Task<TimeSpan> IsBackAsync(Scene scene, int connections)
    {
        var began = TimeProvider.System.GetTimestamp();
        await Eventually.HoldsAsync(() => Connections(scene) > connections, () => $"a connection; the agent wrote:\n{scene.Agent.Process.Output}");
        return TimeProvider.System.GetElapsedTime(began);
    }

    private void Within(TimeSpan promised, List<TimeSpan> took)
    {
        output.WriteLine($"back after {string.Join(", ", took.Select(t => $"{t.TotalSeconds:0.00} s"))}; promised {promised.TotalSeconds:0} s");
        Assert.InRange(took.Min(), TimeSpan.Zero, promised);
        Assert.InRange(took.Max(), TimeSpan.Zero, Figure.Of(promised, Slow));
    }

    private static int[] Notes(Scene scene)
    {
        var file = Path.Combine(scene.Agent.CacheFolder, "notes");
        return File.Exists(file) ? [.. File.ReadAllLines(file).Select(int.Parse)] : [];
    }
}
