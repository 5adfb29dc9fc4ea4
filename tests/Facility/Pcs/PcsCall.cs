using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using OpsAgent.Tests.Facility.Faults;

namespace OpsAgent.Tests.Facility.Pcs;

/// <summary>What every call of PCS has: its faults, its errors' wording, its callers' authority. Shared by all sets of its routes.</summary>
internal static class PcsCall
{
    /// <summary>Answers the call unless a fault does.</summary>
    public static async Task AnswerAsync(HttpContext context, PcsCatalog catalog, string call, Func<Task> answer)
    {
        catalog.OnCall?.Invoke(call);
        var fault = catalog.TakeFault(call);
        if (fault is not null && await FaultAnswer.ApplyAsync(context, fault, s => DetailAsync(context, s, "as the test wants it")))
        {
            return;
        }

        if (fault is not { AbortAfter: true })
        {
            await answer();
            return;
        }

        var body = context.Response.Body;
        context.Response.Body = Stream.Null;
        await answer();
        context.Response.Body = body;
        context.Abort();
    }

    /// <summary>JSON.</summary>
    public static Task JsonAsync(HttpContext context, JsonNode body, int status = StatusCodes.Status200OK)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(body.ToJsonString(), context.RequestAborted);
    }

    /// <summary>An error: a status and <c>{"detail": ...}</c>.</summary>
    public static Task DetailAsync(HttpContext context, int status, string detail) =>
        JsonAsync(context, new JsonObject { ["detail"] = detail }, status);

    /// <summary>The caller of a write: the X-Remote-User (the stand-in is on loopback), else <c>token</c>; null if none is accepted.</summary>
    public static string? CallerOf(HttpContext context, PcsCatalog catalog)
    {
        if (context.Request.Headers["X-Remote-User"].ToString() is { Length: > 0 } user)
        {
            return user;
        }

        return context.Request.Headers.Authorization == $"Token {catalog.Token}" ? "token" : null;
    }

    /// <summary>The body as a JSON object; null if it is none.</summary>
    public static async Task<JsonObject?> BodyAsync(HttpContext context)
    {
        try
        {
            return await JsonNode.ParseAsync(context.Request.Body, cancellationToken: context.RequestAborted) as JsonObject;
        }
        catch (System.Text.Json.JsonException)
        {
            return null;
        }
    }
}
