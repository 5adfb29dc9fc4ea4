using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Demo;

/// <summary>The second half of what is shown: a task goes to PanDA, a snapshot is taken, and the monitor has seen it all.</summary>
internal sealed class Production(Stage stage, Voice voice, CancellationToken stop)
{
    private const string SubmissionId = "demo-2";
    private const string SnapshotId = "demo-3";

    public async Task TellAsync()
    {
        voice.Step("A page submits a production task to PanDA; prun is stood in for");
        await SubmitAsync();
        voice.Step("Rucio's datasets of a campaign: a snapshot, and what matches goes to the campaign's tasks");
        await TakeSnapshotAsync();
        voice.Step("What the monitor was told");
        await ShowMonitorAsync();
    }

    private async Task SubmitAsync()
    {
        await stage.OpsCtl.ShowAsync(
            0, stop, "send", "submit_task", $"task_name={SampleTask.Name}", $"owner={SampleTask.Owner}", "--request-id", SubmissionId, "--wait");
        var submitted = await stage.Page.HearsAsync("prodtask_submitted", SubmissionId, stop);
        var task = stage.Facility.Pcs.Tasks.Single(t => t.ComposedName == SampleTask.Name);
        if (Page.Text(submitted, "jedi_task_id") != SampleTask.JediTaskId || $"{task.PandaTaskId}" != SampleTask.JediTaskId)
        {
            throw new SurpriseException($"PanDA's id is {SampleTask.JediTaskId}; the event is {submitted.ToJsonString()}, and PCS has {task.PandaTaskId}");
        }

        voice.Now($"PCS has {SampleTask.Name} as {task.Status}, JEDI task {task.PandaTaskId}, recorded as {task.RecordedBy}");
    }

    private async Task TakeSnapshotAsync()
    {
        await stage.OpsCtl.ShowAsync(0, stop, "send", "rucio_snapshot_update", "created_by=demo", "--request-id", SnapshotId, "--wait");
        await stage.Page.HearsAsync("rucio_snapshot_ready", SnapshotId, stop);
        var file = Path.Combine(stage.Cache, "rucio-snapshots", $"current-{SampleTask.Campaign}.json");
        var paths = JsonNode.Parse(await File.ReadAllTextAsync(file, stop))!["campaigns"]!.AsObject();
        voice.Now(file);
        foreach (var (path, found) in paths)
        {
            voice.Shown($"{path}: {found!["count"]} datasets");
        }

        foreach (var name in SampleTask.WithOutputs)
        {
            var overrides = stage.Facility.Pcs.Tasks.Single(t => t.ComposedName == name).Overrides;
            var (own, others) = (Count(overrides, "outputs"), Count(overrides, "output_refs"));
            if (own + others == 0)
            {
                throw new SurpriseException($"{name} has no outputs: {overrides.ToJsonString()}");
            }

            voice.Now($"{name}: {own} outputs of its own, {others} of another task's");
        }
    }

    private async Task ShowMonitorAsync()
    {
        var monitor = stage.Facility.Monitor;
        var records = await Patience.ForAsync(
            () => monitor.Records is { Count: >= 3 } all ? all : null, "the action records of three requests reach the monitor", stop);
        foreach (var row in monitor.Registry.Rows)
        {
            voice.Now($"its System page has {row["instance_name"]}: {row["status"]}, {row["description"]}");
        }

        foreach (var record in records)
        {
            voice.Shown($"{record["levelname"]} {record["message"]}");
        }
    }

    private static int Count(JsonObject overrides, string list) => (overrides[list] as JsonArray)?.Count ?? 0;
}
