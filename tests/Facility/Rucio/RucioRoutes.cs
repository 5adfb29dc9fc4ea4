using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>The two calls of Rucio's REST that a fetch makes.</summary>
internal static class RucioRoutes
{
    private const string TokenHeader = "X-Rucio-Auth-Token";

    public static void Map(WebApplication app, RucioCatalog catalog)
    {
        app.MapGet("/auth/x509", c => Faulty(c, catalog, "auth/x509", () => TokenAsync(c, catalog)));
        app.MapPost("/replicas/list", c => Faulty(c, catalog, "replicas/list", () => ReplicasAsync(c, catalog)));
    }

    private static async Task Faulty(HttpContext context, RucioCatalog catalog, string call, Func<Task> answer)
    {
        if (catalog.TakeFault(call) is { } fault && await RucioFaults.ApplyAsync(context, fault))
        {
            return;
        }

        await answer();
    }

    private static async Task TokenAsync(HttpContext context, RucioCatalog catalog)
    {
        if (context.Connection.ClientCertificate is null || context.Request.Headers["X-Rucio-Account"] != catalog.Account)
        {
            await RucioFaults.ErrorAsync(context, 401, "CannotAuthenticate", "Cannot authenticate to account with given credentials");
            return;
        }

        var token = $"{catalog.Account}-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16))}";
        catalog.Tokens.Add(token);
        context.Response.Headers[TokenHeader] = token;
        context.Response.ContentType = "application/octet-stream";
    }

    private static async Task ReplicasAsync(HttpContext context, RucioCatalog catalog)
    {
        if (!catalog.Tokens.Contains(context.Request.Headers[TokenHeader].ToString()))
        {
            await RucioFaults.ErrorAsync(context, 401, "CannotAuthenticate", "Cannot authenticate with given credentials");
            return;
        }

        using var reader = new StreamReader(context.Request.Body);
        var asked = JsonNode.Parse(await reader.ReadToEndAsync(context.RequestAborted))!["dids"]!.AsArray();
        var answer = new StringBuilder();
        foreach (var did in asked)
        {
            var (scope, name) = ((string)did!["scope"]!, (string)did["name"]!);
            if (catalog.Find(scope, name) is not { } file)
            {
                await RucioFaults.ErrorAsync(context, 404, "DataIdentifierNotFound", $"Data identifier '{scope}:{name}' not found");
                return;
            }

            if (file.Replicas.Length > 0)
            {
                answer.Append(Line(scope, name, file.Bytes, file.Replicas)).Append('\n');
            }
        }

        context.Response.ContentType = "application/x-json-stream";
        await context.Response.WriteAsync(answer.ToString(), context.RequestAborted);
    }

    private static string Line(string scope, string name, long? bytes, StandInReplica[] replicas) => new JsonObject
    {
        ["scope"] = scope,
        ["name"] = name,
        ["bytes"] = bytes,
        ["adler32"] = null,
        ["pfns"] = new JsonObject(replicas.Select(r => KeyValuePair.Create(r.Pfn, (JsonNode?)new JsonObject
        {
            ["rse"] = r.Rse,
            ["type"] = "DISK",
            ["domain"] = "wan",
            ["priority"] = r.Priority,
            ["client_extract"] = false,
        }))),
        ["rses"] = new JsonObject(replicas.GroupBy(r => r.Rse).Select(g => KeyValuePair.Create(
            g.Key, (JsonNode?)new JsonArray([.. g.Select(r => (JsonNode?)r.Pfn)])))),
        ["states"] = new JsonObject(replicas.DistinctBy(r => r.Rse).Select(r => KeyValuePair.Create(r.Rse, (JsonNode?)r.State))),
    }.ToJsonString();
}
