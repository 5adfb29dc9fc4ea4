using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>The writes: a submission's record and a row's fields.</summary>
internal static class PcsRecording
{
    /// <summary>The same id again is no change; another id, or another task's, is 409.</summary>
    public static async Task RecordAsync(HttpContext context, PcsCatalog catalog)
    {
        if (PcsCall.CallerOf(context, catalog) is not { } caller)
        {
            await PcsCall.DetailAsync(context, 403, "Authentication credentials were not provided.");
            return;
        }

        var body = await PcsCall.BodyAsync(context);
        if (body?["jedi_task_id"] is not JsonValue value || !value.TryGetValue<long>(out var id) || id <= 0)
        {
            await PcsCall.DetailAsync(context, 400, "jedi_task_id must be a positive integer");
            return;
        }

        var name = context.Request.Query["name"].ToString();
        var (status, answer) = catalog.Within(() => Recorded(catalog, name, id, caller));
        await PcsCall.JsonAsync(context, answer, status);
    }

    /// <summary>Writes the fields that are writable and ignores the others; <c>overrides</c> is replaced as a whole.</summary>
    public static async Task PatchAsync(HttpContext context, PcsCatalog catalog, string name)
    {
        if (PcsCall.CallerOf(context, catalog) is null)
        {
            await PcsCall.DetailAsync(context, 403, "Authentication credentials were not provided.");
            return;
        }

        if (await PcsCall.BodyAsync(context) is not { } body)
        {
            await PcsCall.DetailAsync(context, 400, "JSON parse error");
            return;
        }

        var answer = catalog.Within(() => catalog.Find(name) is { } task ? Patched(task, body) : null);
        await (answer is null
            ? PcsCall.DetailAsync(context, 404, "No ProdTask matches the given query.")
            : PcsCall.JsonAsync(context, answer));
    }

    private static (int Status, JsonObject Answer) Recorded(PcsCatalog catalog, string name, long id, string caller)
    {
        if (catalog.Find(name) is not { } task)
        {
            return (404, Detail($"ProdTask {name} not found"));
        }

        if (catalog.Tasks.FirstOrDefault(t => t.PandaTaskId == id && t != task) is { } other)
        {
            return (409, Detail($"JEDI task {id} is already recorded for {other.ComposedName}"));
        }

        if (task.PandaTaskId is { } there && there != id)
        {
            return (409, Detail($"{task.ComposedName} already has JEDI task {there}"));
        }

        task.PandaTaskId = id;
        task.Status = "submitted";
        task.RecordedBy = caller;
        task.UpdatedAt = TimeProvider.System.GetUtcNow();
        return (200, task.ToJson());
    }

    private static JsonObject Patched(PcsTask task, JsonObject body)
    {
        foreach (var (field, value) in body)
        {
            switch (field)
            {
                case "name": task.Name = (string)value!; break;
                case "description": task.Description = (string?)value ?? ""; break;
                case "status": task.Status = (string)value!; break;
                case "dataset": task.Dataset = (int?)value; break;
                case "prod_config": task.ProdConfig = (int?)value; break;
                case "csv_file": task.CsvFile = (string?)value; break;
                case "overrides": task.Overrides = value?.DeepClone() as JsonObject ?? []; break;
                case "panda_task_id": task.PandaTaskId = (long?)value; break;
                case "condor_cluster_id": task.CondorClusterId = (long?)value; break;
            }
        }

        task.UpdatedAt = TimeProvider.System.GetUtcNow();
        return task.ToJson();
    }

    private static JsonObject Detail(string text) => new() { ["detail"] = text };
}
