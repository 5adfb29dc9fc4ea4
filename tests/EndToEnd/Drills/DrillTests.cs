using System.Diagnostics;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Drills;

/// <summary>The drills of docs/operations.md, done as the page says: its commands, and what it says is seen then.</summary>
[Collection(nameof(Broker))]
public sealed class DrillTests(DrillScene scene) : IClassFixture<DrillScene>
{
    /// <summary>So soon the page promises an end; a busy machine may take longer.</summary>
    private static readonly TimeSpan Soon = Figure.Of(TimeSpan.FromSeconds(2), onABusyMachine: TimeSpan.FromSeconds(30));

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task The_broker()
    {
        var drill = Drill.Of("The broker");
        var restarts = drill.Command("systemctl show");
        var before = await scene.InsideAsync(restarts);
        var (task, id, send) = scene.Submission(new PandaPlan { Id = 43001, HoldsId = true });
        await scene.InsideAsync(send);
        await BeginsAsync(task);

        // The broker is no unit here.
        drill.Command("systemctl stop activemq");
        await scene.Broker.ActiveMq.StopAsync();
        await scene.BecomesAsync(drill.Command("opsctl status"), 1, $"NOT connected to localhost:{scene.Broker.ActiveMq.Port} since 20");
        await Eventually.HoldsAsync(() => (string?)MonitorScene.Row(scene.Production.Facility)?["status"] == drill.Says("WARNING"), "the System page warns");
        Assert.Equal(69, (await scene.RunAsync(drill.Command("opsctl ping"))).ExitCode);
        scene.Production.Panda.LetGo();
        await scene.SettlesAsync(id, "ok");
        Assert.True(await scene.NumberAsync(drill.Says("outbox"), "depth") > 0, "its events wait");

        drill.Command("systemctl start activemq");
        await scene.Broker.ActiveMq.StartAgainAsync();
        var watch = Stopwatch.StartNew();
        await scene.BecomesAsync(drill.Command("opsctl ping"), 0);
        await Eventually.HoldsAsync(() => scene.NumberAsync("outbox", "depth").GetAwaiter().GetResult() == 0, "the events are out");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, 2 * Soon);
        Assert.Equal(before, await scene.InsideAsync(restarts));
        await scene.IsHealthyAsync();
    }

    [ServerFact("systemd", "activemq", "python3-stomp", "nftables")]
    public async Task The_monitor()
    {
        // In a network of their own, for their words; what they do to packets the line does here.
        var drill = Drill.Of("The monitor");
        string[] begin = [drill.Command("nft add table"), drill.Command("nft add chain"), drill.Command("nft add rule", ("MONITOR", "127.0.0.1"))];
        var rules = await scene.InsideAsync(
            $"unshare --net sh -c \"{string.Join(" && ", begin)} && nft list ruleset && {drill.Command("nft delete table")} && nft list ruleset | wc -l\"");
        Assert.Contains("ip daddr 127.0.0.1 tcp dport 443 drop", rules, StringComparison.Ordinal);
        Assert.EndsWith("\n0", rules, StringComparison.Ordinal);

        scene.Monitor.LostFromNowOn = LineHalf.Both;
        scene.Monitor.Mute(LineHalf.Both);
        await scene.InsideAsync("opsctl ping --count 20 --interval 0");
        await scene.InsideAsync($"{Fetch("unheard", 51)} --wait");
        await scene.BecomesAsync(drill.Command("opsctl status"), 1, "monitor: ", "1 wait, oldest ");
        Assert.False(IsRecorded(51));

        scene.Monitor.LostFromNowOn = LineHalf.None;
        await Eventually.HoldsAsync(() => IsRecorded(51), () => $"the record is sent; the agent wrote:\n{scene.Log}");
        await scene.IsHealthyAsync();
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task The_disk()
    {
        var drill = Drill.Of("The disk");
        await scene.InsideAsync(drill.Command("fallocate"));
        Assert.Equal("0", await scene.InsideAsync("df --output=avail -B1 /var/lib/opsagent | tail -1"));
        await scene.InsideAsync("opsctl ping");
        for (var sent = 100; !(await scene.RunAsync(drill.Command("opsctl status"))).Output.Contains("the ledger fails: ", StringComparison.Ordinal); sent++)
        {
            Assert.True(sent < 200, $"100 requests were accepted on a full disk; the agent wrote:\n{scene.Log}");
            await scene.InsideAsync(Fetch($"full-{sent}", sent));
        }

        Assert.Equal(1, (await scene.RunAsync("opsctl status")).ExitCode);
        await scene.InsideAsync("opsctl ping");
        var nothing = await scene.RunAsync(drill.Command("opsctl send", ("opsctl send ...", $"{Fetch("held-by-disk", 200)} --timeout 3s")));
        Assert.Contains("no settlement of held-by-disk within 3 s", nothing.Output, StringComparison.Ordinal);

        await scene.InsideAsync(drill.Command("rm "));
        await scene.SettlesAsync("held-by-disk", "ok");
        await scene.IsHealthyAsync();
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task The_token()
    {
        var drill = Drill.Of("The token");
        await using var listener = await scene.ListenAsync();
        var away = drill.Command("mv ");
        await scene.InsideAsync(away);
        await scene.BecomesAsync(drill.Command("opsctl doctor"), 4, "/var/lib/opsagent/.pathena/.token does not exist");
        var (task, id, send) = scene.Submission(new PandaPlan { What = "login" });
        await scene.InsideAsync(send);
        await scene.SettlesAsync(id, "error");
        Assert.Contains(drill.Says("the panda client asks for a login"), await scene.InsideAsync($"opsctl work why {id}"), StringComparison.Ordinal);
        await listener.ReceivesAsync(m => m["msg_type"] == "prodtask_submit_failed" && m["task_name"] == task.ComposedName, "what frees the page's button");
        Assert.Null(task.PandaTaskId);

        await scene.InsideAsync(drill.Command("opsctl capability pause"));
        var (later, laterId, laterSend) = scene.Submission(new PandaPlan { Id = 43002 });
        await scene.InsideAsync(laterSend);
        await scene.BecomesAsync($"opsctl work why {laterId}", 0, "queued: submit_task is paused by ", ": token");
        await scene.InsideAsync(away.Replace("{,.drill}", "{.drill,}", StringComparison.Ordinal));
        await scene.InsideAsync(drill.Command("opsctl capability resume"));
        await scene.SettlesAsync(laterId, "ok");
        Assert.Equal(43002, later.PandaTaskId);
        await scene.IsHealthyAsync();
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task A_proxy_that_is_over()
    {
        var drill = Drill.Of("A proxy that is over");
        await using var listener = await scene.ListenAsync();
        var credentials = scene.Production.Facility.Credentials;
        var over = credentials.WriteProxy("over", TimeSpan.FromDays(-2), TimeSpan.FromHours(-1));
        await scene.InsideAsync($"cp -p $X509_USER_PROXY $X509_USER_PROXY.good && chown wenauseic:eic {over}");
        await scene.InsideAsync(drill.Command("cp -p", ("OLD", over)));
        await scene.InsideAsync($"{Fetch("held-61", 61)} && {Fetch("held-62", 62)}");
        await scene.BecomesAsync(drill.Command("opsctl status"), 1, $"{drill.Says("held fetch_payload_log")}\t", $"{credentials.ProxyPath} expired at ", "renew it with voms-proxy-init");
        await scene.BecomesAsync(drill.Command("opsctl work why", ("ID", "held-61")), 0, "queued: held since ", credentials.ProxyPath, "refused at ");
        foreach (var id in (string[])["held-61", "held-62"])
        {
            await listener.ReceivesAsync(m => m["msg_type"] == drill.Says("ops_request_held") && m["request_id"] == id, () => $"{id} is held; the agent wrote:\n{scene.Log}");
        }

        var (_, beside, send) = scene.Submission(new PandaPlan { Id = 43003 });
        await scene.InsideAsync(send);
        await scene.SettlesAsync(beside, "ok");

        await scene.InsideAsync(drill.Command("cp -p", ("OLD", "$X509_USER_PROXY.good")));
        var watch = Stopwatch.StartNew();
        await scene.SettlesAsync("held-61", "ok");
        await scene.SettlesAsync("held-62", "ok");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, 2 * Soon);
        await Eventually.HoldsAsync(() => listener.Messages.Count(static m => m["msg_type"] == "payload_log_ready") == 2, "both are told of");
        await scene.IsHealthyAsync();
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task A_submission_in_doubt()
    {
        var drill = Drill.Of("A submission in doubt");
        var kill = drill.Command("systemctl kill");
        var taken = scene.Production.Panda.Taken;
        var (found, foundId, send) = scene.Submission(new PandaPlan { What = "hang_after", Id = 43004 });
        await scene.InsideAsync(send);
        await Eventually.HoldsAsync(() => scene.Production.Panda.Taken > taken, () => $"PanDA has it; the agent wrote:\n{scene.Log}");
        await scene.BecomesAsync(drill.Command("opsctl logs", ("ID", foundId), (" -f", "")), 0, "prun started");
        await scene.InsideAsync(kill);
        await scene.SettlesAsync(foundId, "ok");
        Assert.Equal(43004, found.PandaTaskId);

        var (lost, lostId, lostSend) = scene.Submission(new PandaPlan { What = "hang_before", Id = 43005 });
        await scene.InsideAsync(lostSend);
        await BeginsAsync(lost);
        await scene.InsideAsync(kill);
        await scene.BecomesAsync(drill.Command("opsctl work list"), 0, $"{lostId}\tsubmit_task\tdoubt\t");
        await scene.InsideAsync(lostSend.Replace($"--request-id {lostId}", "--request-id second", StringComparison.Ordinal));
        await scene.SettlesAsync("second", drill.Says("skipped"));

        await scene.InsideAsync($"opsctl work settle {lostId} --as error --reason 'PanDA has no such task'");
        await scene.BecomesAsync(drill.Command("opsctl work why", ("ID", lostId)), 0, "PanDA has no such task (settled as error by root", "settled 20");
        await scene.IsHealthyAsync();
    }

    private static string Fetch(string id, int pandaId) =>
        $"opsctl send fetch_payload_log --request-id {id} scope=group.EIC lfn={Production.Lfn} jeditaskid:=12 pandaid:={pandaId}";

    private bool IsRecorded(int pandaId) =>
        scene.Production.Facility.Monitor.Records.Any(r => $"{r["message"]}".StartsWith($"payload_log_fetch panda_job:{pandaId} ok", StringComparison.Ordinal));

    private Task BeginsAsync(PcsTask task) => Eventually.HoldsAsync(
        () => scene.Production.Panda.Runs.Any(r => r.Argv.Any(a => a.Contains(task.ComposedName, StringComparison.Ordinal))),
        () => $"prun has begun for {task.ComposedName}; the agent wrote:\n{scene.Log}");
}
