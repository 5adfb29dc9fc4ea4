using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Tests.EndToEnd.Bounds;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Monitor;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>What the facility's monitor sees of the published agent.</summary>
[Collection(nameof(Broker))]
public sealed class MonitorTests(Broker broker)
{
    private static readonly MonitorFault Hanging = new() { Hang = true };

    [ServerFact("activemq", "python3-stomp")]
    public async Task The_registry_shows_the_agent_from_its_start_to_its_end_and_under_one_name()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await MonitorScene.SetAsync(broker, facility);
        await scene.Agent.StartAsync();

        var row = await MonitorScene.ShowsAsync(scene, facility, "READY", "OK");
        var name = $"prodops-agent-{Environment.UserName}-41";
        Assert.Equal(
            (name, "PRODOPS", "prodops", System.Net.Dns.GetHostName(), scene.Agent.Process.Pid),
            ((string?)row["instance_name"], (string?)row["agent_type"], (string?)row["namespace"], (string?)row["hostname"], (int)row["pid"]!));
        Assert.Equal(name, (await scene.PingAsync())["agent"]);
        await Eventually.HoldsAsync(
            () => facility.Monitor.SubscriberRows.SingleOrDefault()?["subscriber_name"]?.ToString() == $"{name}-{scene.Queue}", "the subscriber");

        await scene.SendAsync("""{"msg_type":"wait_for","key":"1","request_id":"waits"}""");
        await MonitorScene.ShowsAsync(scene, facility, "PROCESSING", "OK");
        await File.WriteAllTextAsync(Path.Combine(scene.Agent.CacheFolder, "go"), "");
        await scene.SettlesAsync("waits");
        await MonitorScene.ShowsAsync(scene, facility, "READY", "OK");

        Assert.Equal(0, await scene.Agent.StopAsync());
        Assert.Equal("EXITED", (string?)MonitorScene.Row(facility)!["operational_state"]);
        Assert.Equal("PRODOPS agent. Agent shutdown", (string?)MonitorScene.Row(facility)!["description"]);

        await scene.Agent.StartAsync();
        await MonitorScene.ShowsAsync(scene, facility, "READY", "OK");
        Assert.Single(facility.Requests.To(MonitorStandIn.BasePath + MonitorStandIn.NextAgentId));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Each_outcome_has_one_record_and_what_doers_say_is_in_the_log()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await MonitorScene.SetAsync(broker, facility);
        await scene.Agent.StartAsync();
        await scene.SendAsync(
            """{"msg_type":"note","n":"5","created_by":"wenaus","request_id":"good"}""",
            """{"msg_type":"complain","n":6,"request_id":"bad"}""",
            """{"msg_type":"note","n":"7","label":"much longer than twenty characters","request_id":"wrong"}""",
            """{"msg_type":"note","n":"../8","request_id":"worse"}""");

        var good = await MonitorScene.RecordsAsync(scene, facility, "noted_it number:5 ok");
        var extra = good["extra_data"]!;
        Assert.InRange((long)extra["duration_ms"]!, 1, 20_000);
        extra["duration_ms"] = 0;
        Assert.Equal(
            """{"action":"noted_it","outcome":"ok","sublevel":"high","live_default":true,"subject_type":"number","subject_key":"5","username":"wenaus","duration_ms":0,"said":"noted 5"}""",
            extra.ToJsonString());
        Assert.Equal(("epicprod", "ops-agent", "INFO", "epicprod_ops_agent", "noted_it"), (Text(good, "app_name"), Text(good, "instance_name"), Text(good, "levelname"), Text(good, "module"), Text(good, "funcname")));
        Assert.Equal("ERROR", Text(await MonitorScene.RecordsAsync(scene, facility, "complained number:6 error — ERROR: no use 6"), "levelname"));
        await scene.SettlesAsync("worse");
        await Eventually.HoldsAsync(() => facility.Monitor.Records.Count == 3, "a record for each outcome that has one");
        Assert.Equal("WARNING", Text(facility.Monitor.Records.Single(r => Text(r, "message")!.StartsWith("noted_it number:7 rejected — ", StringComparison.Ordinal)), "levelname"));

        var line = await Eventually.IsAsync(
            () => facility.Monitor.LogRows.FirstOrDefault(r => Text(r, "message") == "  complain: ERROR: no use 6"), "the doer's line in the log");
        Assert.Equal(("base_agent", $"prodops-agent-{Environment.UserName}-41", "INFO"), (Text(line, "app_name"), Text(line, "instance_name"), Text(line, "levelname")));

        await scene.SendAsync("""{"msg_type":"shutdown","sender":"operator"}""");
        Assert.Equal(100, await scene.Agent.Process.ExitAsync());
        Assert.Equal("operator", (string?)(await MonitorScene.RecordsAsync(scene, facility, "agent_shutdown ok"))["extra_data"]!["username"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_monitor_that_hangs_delays_no_pong_no_start_and_no_stop_and_loses_no_record()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await MonitorScene.SetAsync(broker, facility);
        await scene.Agent.StartAsync();
        await MonitorScene.ShowsAsync(scene, facility, "READY", "OK");
        var before = await PongMsAsync(scene);

        facility.Monitor.FaultEverywhere(Hanging);
        string[] numbers = [.. Enumerable.Range(1, 20).Select(static n => $"{n}")];
        await using (var memory = ResidentMemory.Watch(scene.Agent.Process.Pid))
        {
            await scene.SendAsync([.. numbers.Select(static n => $$"""{"msg_type":"complain","n":"{{n}}","request_id":"r{{n}}"}""")]);
            var meanwhile = await PongMsAsync(scene);
            foreach (var n in numbers)
            {
                await scene.SettlesAsync($"r{n}");
            }

            Assert.True(meanwhile < (3 * before) + 10, $"pongs took {before} ms before, {meanwhile} ms with a monitor that hangs");
            Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        }

        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await scene.Agent.StopAsync());
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));

        watch.Restart();
        await scene.Agent.StartAsync();
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
        Assert.Equal($"prodops-agent-{Environment.UserName}-41", (await scene.PingAsync())["agent"]);
        var status = JsonNode.Parse((await scene.Agent.OpsCtlAsync("status", "-o", "json")).Output)!["monitor"]!;
        Assert.Equal(20, (int)status["records"]!);

        // It comes back with trouble: what it took was not confirmed, and comes twice.
        facility.Monitor.Recover();
        facility.Monitor.FaultAt(MonitorStandIn.Logs, new MonitorFault { Times = 3, Status = 502, AfterTheDeed = true });
        foreach (var n in numbers)
        {
            await MonitorScene.RecordsAsync(scene, facility, $"complained number:{n} error — ERROR: no use {n}");
        }
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_record_that_a_slow_monitor_has_taken_when_the_agent_stops_is_not_sent_again_by_the_next_start()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await MonitorScene.SetAsync(broker, facility);
        await scene.Agent.StartAsync();

        // It answers later than a stop waits for records at all, and before the try's own limit.
        facility.Monitor.FaultAt(
            MonitorStandIn.Logs, new MonitorFault { AfterTheDeed = true, Delay = TimeSpan.FromSeconds(3.5), Status = 201, Body = "{}", ContentType = "application/json" });
        await scene.SendAsync("""{"msg_type":"note","n":"5","request_id":"before"}""");
        await MonitorScene.RecordsAsync(scene, facility, "noted_it number:5 ok");
        Assert.Equal(0, await scene.Agent.StopAsync());

        facility.Monitor.Recover();
        await scene.Agent.StartAsync();
        await scene.SendAsync("""{"msg_type":"note","n":"6","request_id":"after"}""");
        await MonitorScene.RecordsAsync(scene, facility, "noted_it number:6 ok");
        Assert.Equal(["noted_it number:5 ok", "noted_it number:6 ok"], facility.Monitor.Records.Select(static r => Text(r, "message")));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_first_start_without_the_monitor_is_under_a_provisional_name_and_the_next_under_the_monitors()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await MonitorScene.SetAsync(broker, facility);
        facility.Monitor.FaultEverywhere(new MonitorFault { RedirectTo = "https://login.example/" });
        await scene.Agent.StartAsync();
        Assert.Equal($"prodops-agent-{Environment.UserName}-local", (await scene.PingAsync())["agent"]);
        await scene.Agent.Process.WritesAsync($"{facility.MonitorUrl} answers 302 to https://login.example/: redirects are not followed");

        facility.Monitor.Recover();
        await Eventually.HoldsAsync(() => File.Exists(Path.Combine(scene.Agent.StateFolder, "agent.id")), "the id is kept");
        Assert.Equal($"prodops-agent-{Environment.UserName}-local", (await scene.PingAsync())["agent"]);
        Assert.Equal(0, await scene.Agent.StopAsync());
        await scene.Agent.StartAsync();
        Assert.Equal($"prodops-agent-{Environment.UserName}-41", (await scene.PingAsync())["agent"]);
    }

    private static string? Text(JsonObject row, string field) => (string?)row[field];

    private static async Task<double> PongMsAsync(Scene scene)
    {
        var run = await scene.Agent.OpsCtlAsync("ping", "-c", "300", "--interval", "0", "-o", "json");
        Assert.True(run.ExitCode == 0, run.Output);
        var summary = run.Output.Split('\n').Last(static l => l.Contains("\"summary\"", StringComparison.Ordinal));
        return JsonDocument.Parse(summary).RootElement.GetProperty("summary").GetProperty("p50_ms").GetDouble();
    }
}
