using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace OpsAgent.Tests.Facility.Faults;

/// <summary>Answers as a fault wants it.</summary>
internal static class FaultAnswer
{
    /// <summary>True if the fault has answered; <paramref name="error"/> writes a status as the service words its errors.</summary>
    public static async Task<bool> ApplyAsync(HttpContext context, ServiceFault fault, Func<int, Task> error)
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
            if (fault.RetryAfter is { } wait)
            {
                context.Response.Headers.RetryAfter = wait;
            }

            await (fault.Echoes ? EchoAsync(context, status) : error(status));
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

        return false;
    }

    /// <summary>As a gateway in its debug mode: what came in is in whatever goes out.</summary>
    private static Task EchoAsync(HttpContext context, int status)
    {
        string[] told = [.. context.Request.Headers.Select(static h => $"{h.Key}: {h.Value}"), .. context.Request.Headers.Select(static h => $"{h.Value}")];
        var line = string.Join("; ", told);
        context.Response.StatusCode = status;
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = line;
        context.Response.Headers["ExceptionClass"] = "CannotAuthenticate";
        context.Response.Headers["ExceptionMessage"] = $"refused: {line}";
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(
            new JsonObject { ["detail"] = line, ["headers"] = new JsonArray([.. told.Select(static t => (JsonNode?)t)]) }.ToJsonString(),
            context.RequestAborted);
    }
}
