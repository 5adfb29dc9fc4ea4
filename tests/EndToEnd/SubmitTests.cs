using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
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
        await using var production = await Production.StartAsync();
        await using var scene = await Scene.SetAsync(broker, environment: production.Environment);
        await scene.Agent.StartAsync();

        await SubmittedAsync(scene, production);
        await UnrecordedAsync(scene, production);
        await InDoubtAsync(scene, production);

        Assert.Equal(3, production.Panda.Runs.Count);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_submission_outlives_an_agent_that_is_killed_and_the_next_one_reports_its_id()
    {
        await using var production = await Production.StartAsync();
        await using var scene = await Scene.SetAsync(broker, environment: production.Environment);
        await scene.Agent.StartAsync();
        var submission = new HeldSubmission(production);
        await scene.SendAsync(submission.Body);
        await submission.IsInsertedAsync(() => scene.Agent.Process.Output);

        await scene.Agent.KillAsync();
        await scene.Agent.StartAsync();
        submission.LetGo();

        var settled = await scene.SettlesAsync(HeldSubmission.RequestId);
        await submission.IsReportedAsync(settled, scene.Listener, () => scene.Agent.Process.Output);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_submission_whose_agent_and_doer_are_killed_is_seen_through_by_the_next_agent()
    {
        await using var production = await Production.StartAsync();
        await using var scene = await Scene.SetAsync(broker, environment: production.Environment);
        await scene.Agent.StartAsync();
        var submission = new HeldSubmission(production);
        await scene.SendAsync(submission.Body);
        await submission.IsInsertedAsync(() => scene.Agent.Process.Output);
        var shown = JsonNode.Parse((await scene.Agent.OpsCtlAsync("work", "show", HeldSubmission.RequestId, "-o", "json")).Output)!;

        await scene.Agent.KillAsync();
        Posix.Kill(shown["request"]!["pid"]!.GetValue<int>(), PosixSignalNumber.Kill);
        await scene.Agent.StartAsync();
        submission.LetGo();

        var settled = await scene.SettlesAsync(HeldSubmission.RequestId);
        await submission.IsReportedAsync(settled, scene.Listener, () => scene.Agent.Process.Output);
    }

    private static async Task SubmittedAsync(Scene scene, Production production)
    {
        production.Panda.Follow(new PandaPlan { Id = 41001 });
        var task = production.Facility.Pcs.AddTask("26.07/DIS_NC_18x275");

        await scene.SendAsync(Production.Submit(task, "good"));

        var settled = await scene.SettlesAsync("good");
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        var told = await EventAsync(scene, task, "prodtask_submitted");
        Assert.Equal("41001", told["jedi_task_id"]);
        Assert.Equal((41001, "alice"), (task.PandaTaskId, task.RecordedBy));
    }

    private static async Task UnrecordedAsync(Scene scene, Production production)
    {
        production.Panda.Follow(new PandaPlan { Id = 41002 });
        var task = production.Facility.Pcs.AddTask("26.07_unrecorded");
        production.Facility.Pcs.FaultAt("record-submission", new PcsFault { Status = 403 });

        await scene.SendAsync(Production.Submit(task, "unrecorded"));

        Assert.Equal("unrecorded", (await scene.SettlesAsync("unrecorded"))["outcome"]);
        var told = await EventAsync(scene, task, "prodtask_submit_unrecorded");
        Assert.Equal("41002", told["jedi_task_id"]);
        Assert.Contains("not recorded: PCS record-submission: answered 403", told["reason"], StringComparison.Ordinal);
    }

    private static async Task InDoubtAsync(Scene scene, Production production)
    {
        production.Panda.Follow(new PandaPlan { What = "fail_after", Code = 90, Book = "down" });
        var task = production.Facility.Pcs.AddTask("26.07_in_doubt");

        await scene.SendAsync(Production.Submit(task, "doubt"));

        Assert.Equal("unknown", (await scene.SettlesAsync("doubt"))["outcome"]);
        var told = await EventAsync(scene, task, "prodtask_submit_unrecorded");
        Assert.Equal("unknown", told["jedi_task_id"]);
        Assert.StartsWith("not known whether PanDA took it: ", told["reason"], StringComparison.Ordinal);

        await scene.SendAsync(Production.Submit(task, "again"));

        Assert.Equal("skipped", (await scene.SettlesAsync("again"))["outcome"]);
    }

    private static Task<StompPyMessage> EventAsync(Scene scene, PcsTask task, string type) => scene.Listener.ReceivesAsync(
        m => m.Destination == scene.EventTopic && m["msg_type"] == type && m["task_name"] == task.ComposedName, type);
}
