using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Tests.Unit.Doers.RucioSnapshot;

/// <summary>A scenario of the vectors in the matcher's own types.</summary>
internal sealed class GoldenScenario
{
    public GoldenScenario(JsonObject scenario)
    {
        var input = (JsonObject)scenario["in"]!;
        Rows = [.. input["datasets"]!.AsArray().Select(static r => Row(r!))];
        Tasks = [.. input["tasks"]!.AsArray().Select(t => Task(t!, input["overrides"] as JsonObject))];
    }

    public IReadOnlyList<DatasetRow> Rows { get; }

    public IReadOnlyList<TaskRow> Tasks { get; }

    public static IEnumerable<Dataset> Datasets(JsonObject paths) =>
        from path in paths
        from dataset in path.Value!["datasets"]!.AsArray()
        select Dataset((JsonObject)dataset!, path.Key.Split('/')[1]);

    public static Dataset Dataset(JsonObject dataset, string stage) => new(
        (string)dataset["did"]!,
        stage,
        (long?)dataset["length"],
        (long?)dataset["bytes"],
        [.. dataset["rse_replicas"]!.AsArray().Select(static r => JsonElement.Parse(r!.ToJsonString()))]);

    private static DatasetRow Row(JsonNode row) => new(
        (long)row["pk"]!,
        (string)row["composed_name"]!,
        (string?)row["metadata"]?["source"]?["location"] ?? "",
        (string?)row["metadata"]?["stage"] ?? "",
        (string?)row["detector_config"] ?? "");

    private TaskRow Task(JsonNode task, JsonObject? overrides)
    {
        var name = (string)task["name"]!;
        var row = Rows.FirstOrDefault(r => r.Id == (long?)task["dataset"]);
        var own = overrides is null ? task["overrides"] : overrides[name];
        return new TaskRow(
            (long)task["pk"]!, name, row?.ComposedName ?? name, (string)task["status"]! == TaskRow.PastStatus, row, own as JsonObject ?? []);
    }
}
