using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Taking;

/// <summary>PCS's rows as the matcher needs them.</summary>
internal sealed class CatalogueRows
{
    private CatalogueRows(IReadOnlyList<DatasetRow> datasets, IReadOnlyList<TaskRow> tasks)
    {
        Datasets = datasets;
        Tasks = tasks;
    }

    /// <summary>All dataset rows.</summary>
    public IReadOnlyList<DatasetRow> Datasets { get; }

    /// <summary>All tasks, of every campaign.</summary>
    public IReadOnlyList<TaskRow> Tasks { get; }

    /// <summary>Reads both lists.</summary>
    public static async Task<CatalogueRows> ReadAsync(PcsRows pcs, CancellationToken stop)
    {
        List<DatasetRow> datasets = [.. (await pcs.DatasetsAsync(stop)).Select(DatasetOf).OfType<DatasetRow>()];
        var byId = datasets.DistinctBy(static d => d.Id).ToDictionary(static d => d.Id);
        return new CatalogueRows(datasets, [.. (await pcs.TasksAsync(stop)).Select(t => TaskOf(t, byId)).OfType<TaskRow>()]);
    }

    // Rows without a key can't be bound to anything.
    private static DatasetRow? DatasetOf(JsonElement row)
    {
        var metadata = PcsFields.Field(row, "metadata");
        var source = PcsFields.Field(metadata, "source");
        return PcsFields.Number(row, "id") is { } id
            ? new DatasetRow(
                id,
                First(PcsFields.Text(row, "composed_name"), PcsFields.Text(row, "dataset_name")),
                First(source is { } it ? PcsFields.Text(it, "location") : "", PcsFields.Text(row, "source_location")),
                First(metadata is { } data ? PcsFields.Text(data, "stage") : "", PcsFields.Text(row, "stage")),
                PcsFields.Text(row, "detector_config"))
            : null;
    }

    // A task without key or composed name can't be placed, and one whose overrides are no object can't be written.
    private static TaskRow? TaskOf(JsonElement row, Dictionary<long, DatasetRow> datasets)
    {
        var overrides = PcsFields.Field(row, "overrides");
        if (PcsFields.Number(row, "id") is not { } id || overrides is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) })
        {
            return null;
        }

        var composed = PcsFields.Text(row, "composed_name");
        var bound = PcsFields.Number(row, "dataset") is { } dataset ? datasets.GetValueOrDefault(dataset) : null;
        return composed.Length == 0
            ? null
            : new TaskRow(
                id,
                First(PcsFields.Text(row, "name"), composed),
                composed,
                PcsFields.Text(row, "status") == TaskRow.PastStatus,
                bound,
                overrides is { ValueKind: JsonValueKind.Object } own ? JsonObject.Create(own)! : []);
    }

    private static string First(string one, string other) => one.Length > 0 ? one : other;
}
