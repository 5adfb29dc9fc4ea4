using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>Submission with real parts: stomp.py, ActiveMQ, the published agent and doer; PCS and prun are stand-ins.</summary>
[Collection(nameof(Broker))]
public sealed class SubmitTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task A_task_is_submitted_and_what_is_not_known_stays_in_doubt()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        var panda = Install(folder);
        await using var scene = await Scene.SetAsync(broker, environment: EnvironmentOf(facility, folder.At("home")));
        await scene.Agent.StartAsync();

        await SubmittedAsync(scene, facility, panda);
        await UnrecordedAsync(scene, facility, panda);
        await InDoubtAsync(scene, facility, panda);

        Assert.Equal(3, panda.Runs.Count);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_submission_outlives_an_agent_that_is_killed_and_the_next_one_reports_its_id()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        var panda = Install(folder);
        await using var scene = await Scene.SetAsync(broker, environment: EnvironmentOf(facility, folder.At("home")));
        await scene.Agent.StartAsync();
        panda.Follow(new PandaPlan { Id = 41004, BeforeIdS = 3 });
        var task = facility.Pcs.AddTask("26.07_outlives");
        await scene.SendAsync(Body(task, "outlives"));
        await Eventually.HoldsAsync(() => panda.Taken == 1, () => $"PanDA has the task; the agent wrote:\n{scene.Agent.Process.Output}");

        await scene.Agent.KillAsync();
        await scene.Agent.StartAsync();

        var settled = await scene.SettlesAsync("outlives");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        Assert.Equal("41004", (await EventAsync(scene, task, "prodtask_submitted"))["jedi_task_id"]);
        Assert.Equal((41004, "alice"), (task.PandaTaskId, task.RecordedBy));
        Assert.Single(panda.Runs);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_submission_whose_agent_and_doer_are_killed_is_seen_through_by_the_next_agent()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        using var folder = new TemporaryFolder();
        var panda = Install(folder);
        await using var scene = await Scene.SetAsync(broker, environment: EnvironmentOf(facility, folder.At("home")));
        await scene.Agent.StartAsync();
        panda.Follow(new PandaPlan { Id = 41005, BeforeIdS = 5 });
        var task = facility.Pcs.AddTask("26.07_both_killed");
        await scene.SendAsync(Body(task, "both"));
        await Eventually.HoldsAsync(() => panda.Taken == 1, () => $"PanDA has the task; the agent wrote:\n{scene.Agent.Process.Output}");
        var shown = JsonNode.Parse((await scene.Agent.OpsCtlAsync("work", "show", "both", "-o", "json")).Output)!;
        var doer = shown["request"]!["pid"]!.GetValue<int>();

        await scene.Agent.KillAsync();
        Posix.Kill(doer, PosixSignalNumber.Kill);
        await scene.Agent.StartAsync();

        var settled = await scene.SettlesAsync("both");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        Assert.Equal("41005", (await EventAsync(scene, task, "prodtask_submitted"))["jedi_task_id"]);
        Assert.Equal((41005, "alice"), (task.PandaTaskId, task.RecordedBy));
        Assert.Single(panda.Runs);
    }

    private static PandaInstallation Install(TemporaryFolder folder)
    {
        var panda = new PandaInstallation(Directory.CreateDirectory(folder.At("panda")).FullName);
        var setup = Directory.CreateDirectory(Path.Combine(folder.At("home"), "pclient", "run")).FullName;
        File.WriteAllText(Path.Combine(setup, "setup.sh"), $". '{panda.SetupPath}'\n");
        return panda;
    }

    private static async Task SubmittedAsync(Scene scene, FacilityStandIn facility, PandaInstallation panda)
    {
        panda.Follow(new PandaPlan { Id = 41001 });
        var task = facility.Pcs.AddTask("26.07/DIS_NC_18x275");

        await scene.SendAsync(Body(task, "good"));

        var settled = await scene.SettlesAsync("good");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        var told = await EventAsync(scene, task, "prodtask_submitted");
        Assert.Equal("41001", told["jedi_task_id"]);
        Assert.Equal((41001, "alice"), (task.PandaTaskId, task.RecordedBy));
    }

    private static async Task UnrecordedAsync(Scene scene, FacilityStandIn facility, PandaInstallation panda)
    {
        panda.Follow(new PandaPlan { Id = 41002 });
        var task = facility.Pcs.AddTask("26.07_unrecorded");
        facility.Pcs.FaultAt("record-submission", new PcsFault { Status = 403 });

        await scene.SendAsync(Body(task, "unrecorded"));

        Assert.Equal("unrecorded", (await scene.SettlesAsync("unrecorded"))["outcome"]);
        var told = await EventAsync(scene, task, "prodtask_submit_unrecorded");
        Assert.Equal("41002", told["jedi_task_id"]);
        Assert.Contains("not recorded: PCS record-submission: answered 403", told["reason"], StringComparison.Ordinal);
    }

    private static async Task InDoubtAsync(Scene scene, FacilityStandIn facility, PandaInstallation panda)
    {
        panda.Follow(new PandaPlan { What = "fail_after", Code = 90, Book = "down" });
        var task = facility.Pcs.AddTask("26.07_in_doubt");

        await scene.SendAsync(Body(task, "doubt"));

        Assert.Equal("unknown", (await scene.SettlesAsync("doubt"))["outcome"]);
        var told = await EventAsync(scene, task, "prodtask_submit_unrecorded");
        Assert.Equal("unknown", told["jedi_task_id"]);
        Assert.StartsWith("not known whether PanDA took it: ", told["reason"], StringComparison.Ordinal);

        await scene.SendAsync(Body(task, "again"));

        Assert.Equal("skipped", (await scene.SettlesAsync("again"))["outcome"]);
    }

    private static Task<StompPyMessage> EventAsync(Scene scene, PcsTask task, string type) => scene.Listener.ReceivesAsync(
        m => m.Destination == scene.EventTopic && m["msg_type"] == type && m["task_name"] == task.ComposedName, type);

    private static string Body(PcsTask task, string request) =>
        $$"""{"msg_type":"submit_task","namespace":"prodops","task_name":"{{task.ComposedName}}","owner":"alice","request_id":"{{request}}"}""";

    private static Dictionary<string, string> EnvironmentOf(FacilityStandIn facility, string home) => new()
    {
        ["HOME"] = home,
        ["SWF_MONITOR_URL"] = facility.Url + PcsCatalog.Prefix,
        ["SWFMON_TOKEN"] = facility.Pcs.Token,
        ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
        ["SUBMIT_LOOKUP_TIMEOUT"] = "1",
    };
}
