using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>Dataset and task rows in the production catalogue's REST. Failures are <see cref="PcsException"/>.</summary>
public sealed class PcsRows(HttpClient http, PcsOptions options, DoerLog log, TimeProvider time)
{
    private readonly PcsRest _rest = new(http, options, log, time);

    /// <summary>All dataset rows.</summary>
    public async Task<IReadOnlyList<JsonElement>> DatasetsAsync(CancellationToken stop) =>
        [.. (await _rest.GetAsync("datasets", "datasets/", JsonValueKind.Array, stop)).EnumerateArray()];

    /// <summary>All production tasks.</summary>
    public async Task<IReadOnlyList<JsonElement>> TasksAsync(CancellationToken stop) =>
        [.. (await _rest.GetAsync("prod-tasks", "prod-tasks/", JsonValueKind.Array, stop)).EnumerateArray()];

    /// <summary>One production task, by any of its names or its key.</summary>
    public Task<JsonElement> TaskAsync(string task, CancellationToken stop) =>
        _rest.GetAsync("prod-task", PathOf(task), JsonValueKind.Object, stop);

    /// <summary>Replaces a task's <c>overrides</c> as a whole: PCS merges nothing and checks nothing.</summary>
    public Task ReplaceOverridesAsync(string task, JsonObject overrides, CancellationToken stop)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WritePropertyName("overrides");
            overrides.WriteTo(json);
            json.WriteEndObject();
        }

        return _rest.PatchAsync("prod-task", PathOf(task), buffer.ToArray(), stop);
    }

    // A web server in front of PCS may refuse an encoded slash, so a name's own slashes stay.
    private static string PathOf(string task) => $"prod-tasks/{string.Join('/', task.Split('/').Select(Uri.EscapeDataString))}/";
}
