using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>A submission that prun holds between PanDA's insert and the id, while something happens to the agent.</summary>
internal sealed class HeldSubmission
{
    public const string RequestId = "outlives";

    private const long JediTaskId = 41004;

    private readonly Production _production;

    public HeldSubmission(Production production)
    {
        _production = production;
        production.Panda.Follow(new PandaPlan { Id = JediTaskId, HoldsId = true });
        Task = production.Facility.Pcs.AddTask("26.07_outlives");
    }

    public PcsTask Task { get; }

    /// <summary>What asks for it.</summary>
    public string Body => Production.Submit(Task, RequestId);

    /// <summary>Waits until PanDA has the task; the run of prun, which has not told yet.</summary>
    public async Task<PrunRecord> IsInsertedAsync(Func<string> agentOutput)
    {
        await Eventually.HoldsAsync(() => _production.Panda.Taken == 1, () => $"PanDA has the task; the agent wrote:\n{agentOutput()}");
        Assert.Null(Task.PandaTaskId);
        return Assert.Single(_production.Panda.Runs);
    }

    /// <summary>prun tells the id.</summary>
    public void LetGo() => _production.Panda.LetGo();

    /// <summary>The request is settled with the id, the event tells it, PCS has it, and prun has run once.</summary>
    public async Task IsReportedAsync(StompPyMessage settled, StompPyListener listener, Func<string> agentOutput)
    {
        Assert.True(settled["outcome"] == "ok", $"{settled.Body}\n{agentOutput()}");
        var told = await listener.ReceivesAsync(
            m => m["msg_type"] == "prodtask_submitted" && m["task_name"] == Task.ComposedName, "prodtask_submitted");
        Assert.Equal($"{JediTaskId}", told["jedi_task_id"]);
        Assert.Equal((JediTaskId, "alice"), (Task.PandaTaskId, Task.RecordedBy));
        Assert.Single(_production.Panda.Runs);
    }
}
