using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>Submissions in doubt, with the published agent, doer and opsctl over ActiveMQ: who finds out what became of them.</summary>
[Collection(nameof(Broker))]
public sealed class DoubtTests(Broker broker)
{
    [ServerFact("activemq", "python3-stomp")]
    public async Task The_agent_itself_finds_out_once_the_book_keeping_can_be_asked()
    {
        await using var production = await Production.StartAsync();
        await using var scene = await SetAsync(production);
        var plan = new PandaPlan { What = "fail_after", Code = 90, Id = 42001, Book = "down" };
        var task = await InDoubtAsync(scene, production, plan, "doubt");

        production.Panda.Follow(plan with { Book = "" });

        var resolved = await scene.Listener.ReceivesAsync(
            m => m["msg_type"] == "ops_request_resolved", () => $"it is resolved; the agent wrote:\n{scene.Agent.Process.Output}");
        Assert.Equal((scene.SettledTopic, "doubt", "ok"), (resolved.Destination, resolved["request_id"], resolved["outcome"]));
        Assert.Equal("42001", (await EventAsync(scene, task, "prodtask_submitted"))["jedi_task_id"]);
        Assert.Equal((42001, "alice"), (task.PandaTaskId, task.RecordedBy));
        Assert.Single(production.Panda.Runs);
        await scene.SendAsync(Production.Submit(task, "again"));
        Assert.Contains("already submitted as 42001", (await scene.SettlesAsync("again"))["reason"], StringComparison.Ordinal);
        Assert.Equal(0, await CountAsync(scene));
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task An_operator_who_knows_settles_it_and_has_it_submitted_again()
    {
        await using var production = await Production.StartAsync();
        await using var scene = await SetAsync(production);
        var task = await InDoubtAsync(scene, production, new PandaPlan { What = "fail_before", Code = 90 }, "doubt");
        await Eventually.HoldsAsync(
            () => JsonNode.Parse(scene.Agent.OpsCtlAsync("work", "show", "doubt", "-o", "json").GetAwaiter().GetResult().Output)!["request"]!["looks"]?.GetValue<int>() >= 2,
            "two look-ups were in vain",
            TimeSpan.FromMinutes(2));
        Assert.Contains(" times in vain, last at ", (await scene.Agent.OpsCtlAsync("work", "why", "doubt")).Output, StringComparison.Ordinal);
        await RefusedAsync(scene, "is in doubt: find out", "work", "retry", "doubt");
        await RefusedAsync(scene, "ok needs more: ended well without a JEDI task id", "work", "settle", "doubt", "--as", "ok");

        Assert.Equal("doubt: error", await DoneAsync(scene, "work", "settle", "doubt", "--as", "error", "--reason", "PanDA has no such task"));
        production.Panda.Follow(new PandaPlan { Id = 42002 });
        var again = (await DoneAsync(scene, "work", "retry", "doubt")).Split(':')[0];

        var settled = await scene.SettlesAsync(again);
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{scene.Agent.Process.Output}");
        Assert.Equal("doubt", settled["retry_of"]);
        Assert.Equal("42002", (await EventAsync(scene, task, "prodtask_submitted"))["jedi_task_id"]);
        Assert.Equal(2, production.Panda.Runs.Count);
        var why = (await scene.Agent.OpsCtlAsync("work", "why", "doubt")).Output;
        Assert.Contains(": PanDA has no such task (settled as error by ", why, StringComparison.Ordinal);
        await RefusedAsync(scene, "was done, and is not run again", "work", "retry", again);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task What_may_be_with_panda_is_cancelled_only_with_force_and_then_looked_up()
    {
        await using var production = await Production.StartAsync();
        await using var scene = await SetAsync(production);
        var submission = new HeldSubmission(production);
        await scene.SendAsync(submission.Body);
        await submission.IsInsertedAsync(() => scene.Agent.Process.Output);

        await RefusedAsync(scene, "may have had its effect already", "work", "cancel", HeldSubmission.RequestId);

        // Told to stop, the doer ends prun, and by itself finds the task in the book-keeping or says that it is in doubt.
        var cancel = await scene.Agent.OpsCtlAsync("work", "cancel", HeldSubmission.RequestId, "--force");
        Assert.True(
            (cancel.ExitCode == 1 && cancel.Output.Contains("had ended already", StringComparison.Ordinal))
            || (cancel.ExitCode == 0 && cancel.Output.Contains("in doubt", StringComparison.Ordinal)),
            $"{cancel.ExitCode}: {cancel.Output}");
        await Eventually.HoldsAsync(() => submission.Task.PandaTaskId is not null, () => $"it is found and recorded:\n{scene.Agent.Process.Output}",
            TimeSpan.FromMinutes(2));
        await EventAsync(scene, submission.Task, "prodtask_submitted");
        Assert.Single(production.Panda.Runs);
    }

    private static async Task<PcsTask> InDoubtAsync(Scene scene, Production production, PandaPlan plan, string request)
    {
        production.Panda.Follow(plan);
        var task = production.Facility.Pcs.AddTask($"26.07_{Guid.NewGuid():N}");
        await scene.SendAsync(Production.Submit(task, request));
        var settled = await scene.SettlesAsync(request);
        Assert.True(settled["outcome"] == "unknown", $"{settled.Body}\n{scene.Agent.Process.Output}");
        return task;
    }

    private static async Task<string> DoneAsync(Scene scene, params string[] arguments)
    {
        var run = await scene.Agent.OpsCtlAsync(arguments);
        Assert.True(run.ExitCode == 0, $"{string.Join(' ', arguments)}: {run.Output}");
        return run.Output.Trim();
    }

    private static async Task RefusedAsync(Scene scene, string told, params string[] arguments)
    {
        var run = await scene.Agent.OpsCtlAsync(arguments);
        Assert.True(run.ExitCode == 1, $"{string.Join(' ', arguments)} ended with {run.ExitCode}: {run.Output}");
        Assert.Contains(told, run.Output, StringComparison.Ordinal);
    }

    private static async Task<int> CountAsync(Scene scene) =>
        JsonNode.Parse((await scene.Agent.OpsCtlAsync("status", "-o", "json")).Output)!["work"]!["in_doubt"]!.GetValue<int>();

    private static Task<StompPyMessage> EventAsync(Scene scene, PcsTask task, string type) => scene.Listener.ReceivesAsync(
        m => m.Destination == scene.EventTopic && m["msg_type"] == type && m["task_name"] == task.ComposedName, type);

    private async Task<Scene> SetAsync(Production production)
    {
        var scene = await Scene.SetAsync(broker, environment: production.Environment, settings: ["work.look_up_every=1s"]);
        await scene.Agent.StartAsync();
        return scene;
    }
}
