using System.Net;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

[Collection(nameof(Broker))]
public sealed class LifecycleTests(Broker broker) : IAsyncLifetime
{
    private Scene _scene = null!;

    public async Task InitializeAsync() => _scene = await Scene.SetAsync(broker, Manifests.Small);

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [ServerFact("activemq", "python3-stomp")]
    public async Task SIGTERM_ends_it_with_0_and_a_bus_message_with_100()
    {
        await _scene.Agent.StartAsync();
        Assert.Equal(0, await _scene.Agent.StopAsync());

        await _scene.Agent.StartAsync();
        await _scene.SendAsync("""{"msg_type":"shutdown","sender":"an operator"}""");
        Assert.Equal(100, await _scene.Agent.Process.ExitAsync());
        Assert.Contains("shutdown asked for by an operator", _scene.Agent.Process.Output, StringComparison.Ordinal);

        // The shutdown was acked: the next start is not stopped by it again.
        await _scene.Agent.StartAsync();
        Assert.Equal("pong", (await _scene.PingAsync())["msg_type"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task SIGTERM_while_it_starts_ends_it_with_0_too()
    {
        _scene.Agent.Launch();
        await _scene.Agent.Process.WritesAsync(" starts, pid ");
        Assert.Equal(0, await _scene.Agent.StopAsync());
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Wrong_usage_ends_with_64_and_wrong_configuration_with_78_listing_every_error()
    {
        await using var usage = ChildProcess.Start(Deployment.Agent, ["--frobnicate"], _scene.Agent.Environment);
        Assert.Equal(64, await usage.ExitAsync());

        var file = _scene.Folder.Write("bad.toml", """
            [broker]
            port = "many"

            [lane.quick]
            slots = 0

            [capability.x]
            description = "x"
            doer = ["x", "{nothing}"]
            timeout = "soon"
            lane = "nowhere"
            """);
        await using var wrong = ChildProcess.Start(Deployment.Agent, ["--config", file], _scene.Agent.Environment.Where(e => e.Key != "ACTIVEMQ_PORT").ToDictionary());
        Assert.Equal(78, await wrong.ExitAsync());
        foreach (var line in (int[])[2, 5, 9, 10, 11])
        {
            Assert.Contains($"{file}:{line}:", wrong.Output, StringComparison.Ordinal);
        }
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_second_agent_on_the_same_state_ends_at_once_with_75_and_names_the_holder()
    {
        await _scene.Agent.StartAsync();
        await using var second = ChildProcess.Start(Deployment.Agent, ["--config", _scene.Folder.At("prodops.toml")], _scene.Agent.Environment);

        Assert.Equal(75, await second.ExitAsync());
        Assert.Contains($"(pid {_scene.Agent.Process.Pid} on {Dns.GetHostName()})", second.Output, StringComparison.Ordinal);
        Assert.Equal("pong", (await _scene.PingAsync())["msg_type"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Without_a_broker_it_says_so_keeps_trying_and_takes_up_work_when_there_is_one()
    {
        await using var own = await ActiveMqBroker.StartAsync();
        await own.KillAsync();
        await using var scene = await Scene.SetAsync(broker, Manifests.Small, new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = own.Port.ToString() });
        scene.Agent.Launch();
        await scene.Agent.Process.WritesAsync($"localhost:{own.Port}");
        Assert.False(scene.Agent.Process.HasExited);

        await own.StartAgainAsync();
        var there = new StompPyEndpoint(own.Port, ActiveMqBroker.Login, ActiveMqBroker.Passcode);
        await using var listener = await StompPyListener.StartAsync(there, scene.SettledTopic);
        await StompPySender.SendAsync(there, scene.Queue, ["""{"msg_type":"note","n":"1","request_id":"late"}"""]);

        var settled = await listener.ReceivesAsync(m => m["request_id"] == "late", $"the settlement; the agent wrote:\n{scene.Agent.Process.Output}");
        Assert.Equal("ok", settled["outcome"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task While_draining_pings_are_answered_and_what_arrives_stays_with_the_broker()
    {
        await _scene.Agent.StartAsync();
        await _scene.SendAsync("""{"msg_type":"wait_for","key":"1","request_id":"running"}""");
        await Eventually.HoldsAsync(() => _scene.PingAsync().GetAwaiter().GetResult()["running"] == "1", "the doer runs");

        _scene.Agent.Process.Signal(PosixSignalNumber.Terminate);
        await _scene.Agent.Process.WritesAsync("draining");
        await _scene.SendAsync("""{"msg_type":"note","n":"9","request_id":"meanwhile"}""");
        Assert.Equal("DRAINING", (await _scene.PingAsync())["state"]);
        await File.WriteAllTextAsync(Path.Combine(_scene.Agent.CacheFolder, "go"), "");

        Assert.Equal(0, await _scene.Agent.Process.ExitAsync());
        Assert.Equal("ok", (await _scene.SettlesAsync("running"))["outcome"]);
        Assert.False(File.Exists(Path.Combine(_scene.Agent.CacheFolder, "notes")));

        await _scene.Agent.StartAsync();
        Assert.Equal("ok", (await _scene.SettlesAsync("meanwhile"))["outcome"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_broker_with_a_certificate_of_another_CA_is_refused_and_never_spoken_to_in_plain_text()
    {
        await using var scene = await Scene.SetAsync(broker, Manifests.Small, new Dictionary<string, string>
        {
            ["ACTIVEMQ_PORT"] = broker.ActiveMq.TlsPort.ToString(),
            ["ACTIVEMQ_USE_SSL"] = "true",
            ["ACTIVEMQ_SSL_CA_CERTS"] = broker.ActiveMq.Certificates.ForeignCaFile,
        });
        scene.Agent.Launch();
        await scene.Agent.Process.WritesAsync("errors in the certificate chain");
        Assert.DoesNotContain("consuming", scene.Agent.Process.Output, StringComparison.Ordinal);
        Assert.Equal(0, await scene.Agent.StopAsync());
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_effective_configuration_is_printed_with_each_value_s_origin_and_no_secret()
    {
        await using var print = ChildProcess.Start(Deployment.Agent, ["--print-config", "--set", "broker.heart_beat=5s"], new Dictionary<string, string>(_scene.Agent.Environment) { ["EPICPROD_FETCH_TIMEOUT"] = "90" });
        Assert.Equal(0, await print.ExitAsync());
        Assert.Matches(@"broker\.port = \d+\s+# environment ACTIVEMQ_PORT", print.Output);
        Assert.Matches(@"broker\.heart_beat = 5s\s+# command line", print.Output);
        Assert.Matches(@"testbed\.namespace = prodops\s+# .*prodops\.toml:\d+", print.Output);
        Assert.Matches(@"broker\.queue = \S+\s+# environment EPICPROD_OPS_QUEUE", print.Output);
        Assert.Matches(@"lane\.fetch\.slots = 4\s+# .*prodops\.toml", print.Output);
        Assert.Matches(@"capability\.fetch_payload_log\.timeout = 90s\s+# environment EPICPROD_FETCH_TIMEOUT", print.Output);
        Assert.DoesNotContain(ActiveMqBroker.Passcode, print.Output, StringComparison.Ordinal);
    }
}
