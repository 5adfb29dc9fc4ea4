using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>
/// The calls on production tasks, with and without the application's path before them. A task's name may hold <c>/</c>, so it
/// is whatever stands between the route's beginning and its closing slash.
/// </summary>
internal static class PcsTaskRoutes
{
    public static void Map(WebApplication app, PcsCatalog catalog)
    {
        foreach (var tasks in (string[])["/pcs/api/prod-tasks/", PcsCatalog.Prefix + "/pcs/api/prod-tasks/"])
        {
            app.MapGet(tasks, c => PcsCall.AnswerAsync(c, catalog, "list", () => ListAsync(c, catalog)));
            app.MapGet(tasks + "command/", c => PcsCall.AnswerAsync(c, catalog, "command", () => CommandAsync(c, catalog)));
            app.MapPost(
                tasks + "record-submission/",
                c => PcsCall.AnswerAsync(c, catalog, "record-submission", () => PcsRecording.RecordAsync(c, catalog)));
            app.MapGet(tasks + "{**name}", c => PcsCall.AnswerAsync(c, catalog, "task", () => TaskAsync(c, catalog)));
            app.MapMethods(
                tasks + "{**name}", ["PATCH", "PUT"],
                c => PcsCall.AnswerAsync(c, catalog, "patch", () => PcsRecording.PatchAsync(c, catalog, NameOf(c))));
        }
    }

    private static Task ListAsync(HttpContext context, PcsCatalog catalog) => PcsCall.JsonAsync(
        context, catalog.Within(() => new JsonArray([.. catalog.Tasks.Select(t => (JsonNode?)t.ToJson())])));

    private static Task TaskAsync(HttpContext context, PcsCatalog catalog) =>
        catalog.Within(() => catalog.Find(NameOf(context))?.ToJson()) is { } task
            ? PcsCall.JsonAsync(context, task)
            : PcsCall.DetailAsync(context, 404, "No ProdTask matches the given query.");

    private static Task CommandAsync(HttpContext context, PcsCatalog catalog)
    {
        var name = context.Request.Query["name"].ToString();
        var format = context.Request.Query["fmt"].ToString();
        if (name.Length == 0 || format is not ("condor" or "panda" or "jedi" or "evgen" or "dump"))
        {
            return PcsCall.DetailAsync(context, 400, name.Length == 0 ? "name is required" : $"unknown fmt {format}");
        }

        if (catalog.Find(name) is not { } task)
        {
            return PcsCall.DetailAsync(context, 404, $"ProdTask {name} not found");
        }

        if (format != "panda" || task.PandaCommand is not { } text)
        {
            return PcsCall.DetailAsync(context, 400, $"no {format} command for this task");
        }

        context.Response.ContentType = "text/plain; charset=utf-8";
        return context.Response.WriteAsync(text, context.RequestAborted);
    }

    private static string NameOf(HttpContext context) =>
        Uri.UnescapeDataString((string?)context.Request.RouteValues["name"] ?? "").TrimEnd('/');
}
