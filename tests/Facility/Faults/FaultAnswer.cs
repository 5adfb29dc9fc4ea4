using Microsoft.AspNetCore.Http;

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

            await error(status);
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
}
