using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Rucio;

/// <summary>Answers of Rucio's that are errors, wanted or as a fault.</summary>
internal static class RucioFaults
{
    /// <summary>An error as Rucio tells it: in two headers and as JSON.</summary>
    public static Task ErrorAsync(HttpContext context, int status, string kind, string message)
    {
        context.Response.StatusCode = status;
        context.Response.Headers["ExceptionClass"] = kind;
        context.Response.Headers["ExceptionMessage"] = message;
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            new JsonObject { ["ExceptionClass"] = kind, ["ExceptionMessage"] = message }.ToJsonString(), context.RequestAborted);
    }

    /// <summary>True if the fault has answered.</summary>
    public static async Task<bool> ApplyAsync(HttpContext context, RucioFault fault)
    {
        var stop = context.RequestAborted;
        await Task.Delay(fault.Hang ? Timeout.InfiniteTimeSpan : fault.Delay, TimeProvider.System, stop);
        if (fault.Abort)
        {
            context.Abort();
            return true;
        }

        if (fault.RedirectTo is { } elsewhere)
        {
            context.Response.Redirect(elsewhere);
            return true;
        }

        if (fault.Status is { } status)
        {
            await ErrorAsync(context, status, fault.ExceptionClass ?? "RucioException", "as the test wants it");
            return true;
        }

        if (fault.Body is { } body)
        {
            context.Response.ContentType = fault.ContentType;
            await context.Response.WriteAsync(body, stop);
            return true;
        }

        if (fault.Truncate)
        {
            context.Response.ContentLength = 1000;
            await context.Response.WriteAsync("{\"pfns\": {", stop);
            await context.Response.Body.FlushAsync(stop);
            context.Abort();
            return true;
        }

        return fault.OmitToken;
    }
}
