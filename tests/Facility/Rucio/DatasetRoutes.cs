using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>
/// The calls that a snapshot makes. A dataset's name begins with a slash, so its URL has two in a row, which a route's pattern
/// can't tell: the rest of the path is read by hand.
/// </summary>
internal static class DatasetRoutes
{
    private const string TokenHeader = "X-Rucio-Auth-Token";
    private const string StreamType = "application/x-json-stream";

    public static void Map(WebApplication app, DatasetCatalog catalog)
    {
        app.MapGet("/auth/userpass", c => Faulty(c, catalog, "auth/userpass", "", () => TokenAsync(c, catalog)));
        app.MapGet("/dids/{**rest}", c => RouteAsync(c, catalog));
        app.MapGet("/replicas/{**rest}", c => RouteAsync(c, catalog));
    }

    private static Task RouteAsync(HttpContext context, DatasetCatalog catalog)
    {
        var path = context.Request.Path.Value!;
        const string search = "/dids/epic/dids/search";
        const string dids = "/dids/epic/";
        const string replicas = "/replicas/epic/";
        const string datasets = "/datasets";
        if (path == search)
        {
            var pattern = context.Request.Query["name"].ToString();
            return Signed(context, catalog, "dids/search", pattern, () => SearchAsync(context, catalog, pattern));
        }

        if (path.StartsWith(dids, StringComparison.Ordinal))
        {
            var name = path[dids.Length..];
            return Signed(context, catalog, "dids", name, () => AnswerAsync(
                context, catalog, name, "application/json", d => $$"""{"scope": "epic", "name": {{JsonSerializer.Serialize(d.Name)}}, "type": "DATASET", "length": null, "bytes": null}"""));
        }

        if (path.StartsWith(replicas, StringComparison.Ordinal) && path.EndsWith(datasets, StringComparison.Ordinal))
        {
            var name = path[replicas.Length..^datasets.Length];
            return Signed(context, catalog, "replicas/datasets", name, () => AnswerAsync(
                context, catalog, name, StreamType, static d => string.Concat(d.Replicas.Select(static r => r + "\n"))));
        }

        return RucioFaults.ErrorAsync(context, 404, "NotFound", path);
    }

    private static async Task Faulty(HttpContext context, DatasetCatalog catalog, string call, string subject, Func<Task> answer)
    {
        catalog.OnCall?.Invoke(call);
        if (catalog.TakeFault(call, subject) is { } fault && await RucioFaults.ApplyAsync(context, fault))
        {
            return;
        }

        await answer();
    }

    private static async Task Signed(HttpContext context, DatasetCatalog catalog, string call, string subject, Func<Task> answer)
    {
        if (!catalog.Accepts(context.Request.Headers[TokenHeader].ToString()))
        {
            await RucioFaults.ErrorAsync(context, 401, "CannotAuthenticate", "Cannot authenticate with given credentials");
            return;
        }

        await Faulty(context, catalog, call, subject, answer);
    }

    private static async Task TokenAsync(HttpContext context, DatasetCatalog catalog)
    {
        var headers = context.Request.Headers;
        if (headers["X-Rucio-Account"] != catalog.Account || headers["X-Rucio-Username"] != catalog.Account
            || headers["X-Rucio-Password"] != catalog.Password)
        {
            await RucioFaults.ErrorAsync(context, 401, "CannotAuthenticate", "Cannot authenticate to account with given credentials");
            return;
        }

        var token = $"{catalog.Account}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        catalog.Issue(token);
        context.Response.Headers[TokenHeader] = token;
        context.Response.ContentType = "application/octet-stream";
    }

    private static async Task SearchAsync(HttpContext context, DatasetCatalog catalog, string pattern)
    {
        if (context.Request.Query["type"] != "dataset" || !pattern.EndsWith('*') || pattern.IndexOf('*', StringComparison.Ordinal) < pattern.Length - 1)
        {
            await RucioFaults.ErrorAsync(context, 400, "ValueError", "the stand-in searches datasets by a beginning alone");
            return;
        }

        var found = catalog.Datasets.Where(d => d.Name.StartsWith(pattern[..^1], StringComparison.Ordinal))
            .Select(static d => JsonSerializer.Serialize(d.Name));
        context.Response.ContentType = StreamType;
        await context.Response.WriteAsync(string.Concat(found.Concat(catalog.StrayLines).Select(static l => l + "\n")), context.RequestAborted);
    }

    private static async Task AnswerAsync(
        HttpContext context, DatasetCatalog catalog, string name, string type, Func<StandInDataset, string> answer)
    {
        if (catalog.Find(name) is not { } dataset)
        {
            await RucioFaults.ErrorAsync(context, 404, "DataIdentifierNotFound", $"Data identifier 'epic:{name}' not found");
            return;
        }

        context.Response.ContentType = type;
        await context.Response.WriteAsync(answer(dataset), context.RequestAborted);
    }
}
