using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>The monitor's stream of messages for pages and tools: a token or 401; an event at once, then silence.</summary>
internal static class MessageStream
{
    public static void Map(WebApplication app, MonitorStandIn monitor) =>
        app.MapGet(MonitorStandIn.BasePath + MonitorStandIn.Messages, context => StreamAsync(context, monitor));

    private static async Task StreamAsync(HttpContext context, MonitorStandIn monitor)
    {
        if (monitor.Faults.Take(MonitorStandIn.Messages) is { } fault && await MonitorFaults.ApplyAsync(context, fault))
        {
            return;
        }

        if (context.Request.Headers.Authorization != $"Token {monitor.Token}")
        {
            context.Response.StatusCode = StatusCodes.Status401Unauthorized;
            context.Response.ContentType = "application/json";
            await context.Response.WriteAsync("""{"detail": "Invalid token."}""", context.RequestAborted);
            return;
        }

        context.Response.ContentType = "text/event-stream";
        await context.Response.WriteAsync("event: connected\ndata: {}\n\n", context.RequestAborted);
        await context.Response.Body.FlushAsync(context.RequestAborted);
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, context.RequestAborted);
    }
}
