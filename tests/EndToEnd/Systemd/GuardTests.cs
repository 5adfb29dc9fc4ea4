using System.Net;
using System.Text.Json;
using OpsAgent.Tests.Facility.Monitor;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

[Collection(nameof(Broker))]
public sealed class GuardTests(Broker broker)
{
    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task It_restarts_an_agent_that_hangs_at_the_second_look_and_leaves_one_that_was_stopped()
    {
        await using var scene = await ServiceScene.SetAsync(broker.Plain, "EPICPROD_PING_TIMEOUT=1");
        await scene.StartAsync();

        // Nobody but the guard is to find out.
        await scene.Systemd.CtlAsync("service-watchdogs", "no");
        var pid = await scene.ShowAsync("MainPID");
        await using var listener = await scene.ListenAsync();
        await scene.PingAsync(listener);
        Assert.Contains("liveness: leave: epicprod-ops-agent.service answers: {\"msg_type\":\"pong\"", await GuardAsync(scene), StringComparison.Ordinal);

        await scene.SignalAsync("SIGSTOP");
        Assert.Contains("liveness: wait: no pong within 1 s", await GuardAsync(scene), StringComparison.Ordinal);
        Assert.Contains("liveness: restart: ", await GuardAsync(scene), StringComparison.Ordinal);
        await scene.Systemd.BecomesAsync(ServiceScene.Unit, "MainPID", now => now != pid && now != "0", () => scene.Log);
        await scene.BecomesAsync("ActiveState", "active");
        await scene.PingAsync(listener);

        await scene.Systemd.CtlAsync("stop", ServiceScene.Unit);
        for (var look = 0; look < 2; look++)
        {
            Assert.Contains("liveness: leave: epicprod-ops-agent.service is left as it is: it is inactive", await GuardAsync(scene), StringComparison.Ordinal);
        }

        Assert.Equal("inactive", await scene.ShowAsync("ActiveState"));
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task It_ends_a_second_agent_that_the_registry_knows()
    {
        using var monitor = new HttpListener();
        var url = $"http://127.0.0.1:{FreePort.Several(1)[0]}/swf-monitor";
        monitor.Prefixes.Add($"{url}/");
        monitor.Start();
        await using var scene = await ServiceScene.SetAsync(broker.Plain, $"SWF_MONITOR_URL={url}");
        await scene.StartAsync();
        var second = await scene.StartSecondAsync();
        var rows = new[] { await scene.ShowAsync("MainPID"), $"{second}" }.Select(pid => new
        {
            instance_name = $"prodops-agent-{pid}",
            agent_type = "PRODOPS",
            status = "OK",
            pid = int.Parse(pid),
            hostname = scene.Systemd.HostName,
            operational_state = "READY",
            @namespace = "prodops",
            last_heartbeat = TimeProvider.System.GetUtcNow().ToString("O"),
        });
        var answering = AnswerAsync(monitor, JsonSerializer.SerializeToUtf8Bytes(rows));

        var told = await GuardAsync(scene, "--no-liveness");
        await answering;

        Assert.Contains($"reap: end: prodops-agent-{second}, pid {second}: a second agent on this host", told, StringComparison.Ordinal);
        Assert.Contains("; it is gone", told, StringComparison.Ordinal);
        Assert.False(await scene.LivesAsync(second));
        Assert.Equal("active", await scene.ShowAsync("ActiveState"));
    }

    private static async Task AnswerAsync(HttpListener monitor, byte[] rows)
    {
        var call = await monitor.GetContextAsync();
        Assert.Equal($"/swf-monitor{MonitorStandIn.Agents}", call.Request.RawUrl);
        call.Response.Close(rows, willBlock: true);
    }

    private static async Task<string> GuardAsync(ServiceScene scene, params string[] arguments)
    {
        var run = await scene.Systemd.RunAsync(
            ["/usr/bin/env", $"EPICPROD_ENV_FILE={scene.EnvironmentFile}", $"EPICPROD_GUARD_MEMORY={scene.StateFolder}/guard.json", .. Runtime(), Deployment.OpsCtl, "guard", .. arguments]);
        Assert.True(run.ExitCode == 0, run.Output);
        return run.Output;
    }

    private static string[] Runtime() => Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? [$"DOTNET_ROOT={root}"] : [];
}
