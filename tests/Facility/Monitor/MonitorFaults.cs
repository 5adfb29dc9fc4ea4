using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;

namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>The faults that are armed, by call.</summary>
internal sealed class MonitorFaults
{
    private readonly ConcurrentDictionary<string, (MonitorFault Fault, int Left)> _armed = new();

    public void Arm(string call, MonitorFault fault) => _armed[call] = (fault, fault.Times);

    public void Disarm() => _armed.Clear();

    public MonitorFault? Take(string call)
    {
        while (_armed.TryGetValue(call, out var now) && now.Left > 0)
        {
            if (_armed.TryUpdate(call, (now.Fault, now.Left - 1), now))
            {
                return now.Fault;
            }
        }

        return null;
    }

    /// <summary>True if the fault has answered.</summary>
    public static async Task<bool> ApplyAsync(HttpContext context, MonitorFault fault)
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

        if (fault.Status is null && fault.Body is null)
        {
            return false;
        }

        context.Response.StatusCode = fault.Status ?? StatusCodes.Status200OK;
        context.Response.ContentType = fault.ContentType;
        await context.Response.WriteAsync(fault.Body ?? "as the test wants it", stop);
        return true;
    }
}
