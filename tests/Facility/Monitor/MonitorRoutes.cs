using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>The calls of the monitor that an agent and its guard make.</summary>
internal sealed class MonitorRoutes
{
    private readonly MonitorStandIn _monitor;

    private MonitorRoutes(MonitorStandIn monitor)
    {
        _monitor = monitor;
    }

    public static void Map(WebApplication app, MonitorStandIn monitor)
    {
        var routes = new MonitorRoutes(monitor);
        routes.Map(app, "POST", MonitorStandIn.NextAgentId, needsToken: true, routes.NextIdAsync);
        routes.Map(app, "POST", MonitorStandIn.Heartbeat, needsToken: true, routes.HeartbeatAsync);
        routes.Map(app, "GET", MonitorStandIn.Agents, needsToken: false, routes.AgentsAsync);
        routes.Map(app, "POST", MonitorStandIn.Subscribers, needsToken: true, routes.SubscribeAsync);
        routes.Map(app, "POST", MonitorStandIn.Logs, needsToken: false, routes.LogAsync);
    }

    private static Task AnswerAsync(HttpContext context, int status, JsonNode answer)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(answer.ToJsonString(), context.RequestAborted);
    }

    private static async Task<JsonObject?> ReadAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private void Map(WebApplication app, string method, string call, bool needsToken, Func<HttpContext, Task> answer) =>
        app.MapMethods(MonitorStandIn.BasePath + call, [method], async context =>
        {
            var fault = _monitor.Faults.Take(call);
            if (fault is { AfterTheDeed: true })
            {
                await answer(new DefaultHttpContext { Request = { Body = context.Request.Body } });
                context.Request.Body.Position = 0;
            }

            if (fault is not null && await MonitorFaults.ApplyAsync(context, fault))
            {
                return;
            }

            if (needsToken && context.Request.Headers.Authorization != $"Token {_monitor.Token}")
            {
                await AnswerAsync(context, 401, new JsonObject { ["detail"] = "Invalid token." });
                return;
            }

            await answer(context);
        });

    private Task NextIdAsync(HttpContext context) =>
        AnswerAsync(context, 200, new JsonObject { ["agent_id"] = _monitor.TakeId(), ["status"] = "success" });

    private async Task HeartbeatAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } beat || (string?)beat["instance_name"] is not { Length: > 0 })
        {
            await AnswerAsync(context, 400, new JsonObject { ["error"] = "instance_name is required" });
            return;
        }

        if (FieldRules.TooLong(beat) is { } wrong)
        {
            await AnswerAsync(context, 400, wrong);
            return;
        }

        var isNew = _monitor.Registry.Beat(beat, _monitor.Time.GetUtcNow(), out var row);
        await AnswerAsync(context, isNew ? 201 : 200, row);
    }

    private Task AgentsAsync(HttpContext context) =>
        AnswerAsync(context, 200, new JsonArray([.. _monitor.Registry.Rows.Select(static r => (JsonNode?)r)]));

    private async Task SubscribeAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } row || (string?)row["subscriber_name"] is not { Length: > 0 } name)
        {
            await AnswerAsync(context, 400, FieldRules.Error("subscriber_name", "This field is required."));
            return;
        }

        var added = _monitor.TrySubscribe(name, row);
        await AnswerAsync(context, added ? 201 : 400, added
            ? row.DeepClone()
            : FieldRules.Error("subscriber_name", "subscriber with this subscriber name already exists."));
    }

    private async Task LogAsync(HttpContext context)
    {
        if (await ReadAsync(context) is not { } row)
        {
            await AnswerAsync(context, 400, new JsonObject { ["detail"] = "JSON parse error" });
            return;
        }

        if (FieldRules.OfLogs(row) is { } wrong)
        {
            await AnswerAsync(context, 400, wrong);
            return;
        }

        _monitor.AddLog(row);
        await AnswerAsync(context, 201, row.DeepClone());
    }
}
