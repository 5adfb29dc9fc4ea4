using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Samples;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.FiveTypes;

/// <summary>
/// The five types with one published agent: stomp.py sends each to ActiveMQ; the events, files, REST calls and records are what the
/// facility relies on. The same doers run beside it from crontab lines.
/// </summary>
[Collection(nameof(Broker))]
public sealed class FiveTypesTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task Each_does_what_the_facility_relies_on_and_cron_runs_the_same_doers_beside_the_agent()
    {
        await using var production = await Production.StartAsync();
        await using var scene = await Scene.SetAsync(broker, environment: production.Environment);
        await scene.Agent.StartAsync();

        Assert.Equal("READY", (await scene.PingAsync())["state"]);
        await FetchedAsync(scene);
        await SubmittedAsync(scene, production);
        await SnapshotTakenAsync(scene, production);
        await FromCronAsync(scene, production);
        await ShutDownAsync(scene, production);

        AssertRecords(production);
    }

    private static async Task FetchedAsync(Scene scene)
    {
        // As the web tier sends it, ids as text; then by hand, ids as numbers and no namespace.
        await scene.SendWithLengthAsync(
            $$"""{"msg_type":"fetch_payload_log","namespace":"prodops","scope":"group.EIC","lfn":"{{Production.Lfn}}","jeditaskid":"12","pandaid":"34","requested_by":"","request_id":"log-1"}""");
        var settled = await scene.SettlesAsync("log-1");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        await scene.SendAsync(
            $$"""{"msg_type":"fetch_payload_log","scope":"group.EIC","lfn":"{{Production.Lfn}}","jeditaskid":12,"pandaid":34,"requested_by":"wen","request_id":"log-2"}""");
        Assert.Equal("ok", (await scene.SettlesAsync("log-2"))["outcome"]);

        var ready = await scene.Listener.ReceivesAsync(m => m["request_id"] == "log-1" && m.Destination == scene.EventTopic, "payload_log_ready");
        Assert.Equal(("payload_log_ready", "34", "12", "prodops"), (ready["msg_type"], ready["pandaid"], ready["jeditaskid"], ready["namespace"]));
        Assert.StartsWith("prodops-agent-", ready["sender"], StringComparison.Ordinal);
        var entry = Path.Combine(scene.Agent.CacheFolder, "panda-logs", "12", "34");
        Assert.Equal("hello from the job\n", await File.ReadAllTextAsync(Path.Combine(entry, "payload.stdout")));
        Assert.Equal("payload.stdout,pilotlog.txt\n", await File.ReadAllTextAsync(Path.Combine(entry, ".done")));
    }

    private static async Task SubmittedAsync(Scene scene, Production production)
    {
        await scene.SendAsync(
            $$"""{"msg_type":"submit_task","namespace":"prodops","task_name":"{{Production.Task}}","owner":"alice","request_id":"submit-1"}""");
        var settled = await scene.SettlesAsync("submit-1");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");

        var submitted = await scene.Listener.ReceivesAsync(m => m["msg_type"] == "prodtask_submitted", "prodtask_submitted");
        Assert.Equal((Production.Task, $"{Production.JediTaskId}"), (submitted["task_name"], submitted["jedi_task_id"]));
        var record = Assert.Single(production.Facility.Requests.All, r => r.Path.Contains("record-submission", StringComparison.Ordinal));
        Assert.Equal("POST", record.Method);
        Assert.Equal(Production.JediTaskId, (long)JsonNode.Parse(record.Body)!["jedi_task_id"]!);
        Assert.Equal(("alice", $"Token {production.Facility.Pcs.Token}"), (record.Headers["X-Remote-User"], record.Headers["Authorization"]));
        Assert.Single(production.Panda.Runs);
    }

    private static async Task SnapshotTakenAsync(Scene scene, Production production)
    {
        await scene.SendAsync("""{"msg_type":"rucio_snapshot_update","namespace":"prodops","created_by":"nightly_cron","request_id":"snap-1"}""");
        var settled = await scene.SettlesAsync("snap-1");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");

        var ready = await scene.Listener.ReceivesAsync(m => m["msg_type"] == "rucio_snapshot_ready", "rucio_snapshot_ready");
        Assert.True(ready.Body.GetProperty("ok").GetBoolean());
        var files = Directory.GetFiles(Path.Combine(scene.Agent.CacheFolder, "rucio-snapshots")).Select(Path.GetFileName).Order();
        Assert.Equal(
            ["current-26.02.json", "current-26.03.json", "match-26.02.json", "match-26.03.json", "timeline-26.02.json", "timeline-26.03.json"], files);
        Assert.Equal(4, Patches(production)); // the four tasks of the current campaign
        Assert.DoesNotContain(
            production.Facility.Requests.All, r => r.Method == "PATCH" && r.Path.Contains(TwoCampaigns.OtherDis, StringComparison.Ordinal));
    }

    /// <summary>They write nothing but the scratch, the state and their work folder: the rest of the machine is read-only to them.</summary>
    private static async Task FromCronAsync(Scene scene, Production production)
    {
        var environment = production.Environment;
        environment["SWF_TMP_DIR"] = scene.Agent.CacheFolder;
        environment["OPSAGENT_STATE_DIR"] = scene.Agent.StateFolder;
        var set = string.Join(' ', environment.Where(e => e.Key != "HOME").Select(e => $"{e.Key}='{e.Value}'"));
        string[] writable = [scene.Agent.CacheFolder, scene.Agent.StateFolder, production.Folder.At("panda")];
        async Task<ProgramRun> Cron(string doer) =>
            await CronLine.RunAsync($"{set} {Path.Combine(Deployment.Folder, "doers", doer)}", production.Home, writable);

        var log = await Cron($"payload-log --scope=group.EIC --lfn={Production.Lfn} --jeditaskid=12 --pandaid=35");
        Assert.True(log.ExitCode == 0, log.Output);
        Assert.True(File.Exists(Path.Combine(scene.Agent.CacheFolder, "panda-logs", "12", "35", ".done")));

        var again = await Cron($"submit-task --task-name={Production.Task}");
        Assert.True(again.ExitCode == 9, again.Output);
        production.Panda.Follow(new PandaPlan { Id = 41002 });
        var other = await Cron($"submit-task --task-name={Production.AnotherTask}");
        Assert.True(other.ExitCode == 0, other.Output);
        Assert.Contains("\n41002\n", $"\n{other.Output}", StringComparison.Ordinal);

        var snapshot = await Cron("rucio-snapshot");
        Assert.True(snapshot.ExitCode == 0, snapshot.Output);
        Assert.Equal(4, Patches(production)); // all was right already
        Assert.Equal("READY", (await scene.PingAsync())["state"]);
    }

    private static async Task ShutDownAsync(Scene scene, Production production)
    {
        await scene.SendAsync("""{"msg_type":"shutdown","namespace":"prodops","sender":"operator"}""");

        Assert.Equal(100, await scene.Agent.Process.ExitAsync());
        var row = Assert.Single(production.Facility.Monitor.Registry.Rows);
        Assert.Equal(("EXITED", "EXITED", "PRODOPS"), ((string?)row["operational_state"], (string?)row["status"], (string?)row["agent_type"]));
    }

    private static void AssertRecords(Production production) => Assert.Equal(
        [
            "INFO payload_log_fetch panda_job:34 ok", "INFO payload_log_fetch panda_job:34 ok",
            $"INFO task_submit campaign_task:{Production.Task} ok", "INFO rucio_sweep ok", "WARNING agent_shutdown ok",
        ],
        production.Facility.Monitor.Records.Select(r => $"{r["levelname"]} {r["message"]}"));

    private static int Patches(Production production) => production.Facility.Requests.All.Count(r => r.Method == "PATCH");
}
