using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>What a task's lists are to be.</summary>
internal sealed class TaskLists(TaskRow task)
{
    /// <summary>The task.</summary>
    public TaskRow Task => task;

    /// <summary>The outputs that it owns, or that nobody does.</summary>
    public List<ListedOutput> Outputs { get; set; } = [];

    /// <summary>The outputs of its kind that another task owns.</summary>
    public List<OutputReference> References { get; set; } = [];

    /// <summary>As the task has them now.</summary>
    public static TaskLists Now(TaskRow task) => new(task)
    {
        Outputs = [.. Objects(task, "outputs").Select(ListedOutput.FromJson)],
        References = [.. Objects(task, "output_refs").Select(OutputReference.FromJson)],
    };

    private static IEnumerable<JsonObject> Objects(TaskRow task, string key) =>
        (task.Overrides[key] as JsonArray)?.OfType<JsonObject>() ?? [];
}
