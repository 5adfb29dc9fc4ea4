using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Control;

/// <summary>Stands around every route: a request ends in time, and no exception leaves it unanswered.</summary>
internal sealed partial class DoorGuard(ControlDoorOptions options, TimeProvider time, ILogger<ControlDoor> logger)
{
    public RequestDelegate Around(Func<HttpContext, CancellationToken, Task<DoorReply>> route) => Around(
        route, options.RequestTimeout, "it may be busy with its disk: try again, and see the ledger's last error in opsctl status");

    /// <summary>The same for a route that waits for a doer.</summary>
    public RequestDelegate AroundDoer(Func<HttpContext, CancellationToken, Task<DoorReply>> route) => Around(
        route, options.DoerTimeout, "its doer has not ended yet: see what becomes of it with opsctl work why");

    private RequestDelegate Around(Func<HttpContext, CancellationToken, Task<DoorReply>> route, TimeSpan timeout, string advice) => async context =>
    {
        var reply = await ReplyAsync(route, timeout, advice, context);
        context.Response.StatusCode = reply.Status;
        context.Response.ContentType = "application/json";
        context.Response.ContentLength = reply.Body.Length;
        await context.Response.Body.WriteAsync(reply.Body, context.RequestAborted);
    };

    private async Task<DoorReply> ReplyAsync(
        Func<HttpContext, CancellationToken, Task<DoorReply>> route, TimeSpan timeout, string advice, HttpContext context)
    {
        // ToString spells out again what the request had as %0A or %1B: its Value would forge lines of the log.
        var path = context.Request.Path.ToString();
        using var limit = new CancellationTokenSource(timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, context.RequestAborted);
        try
        {
            // WaitAsync: a route that ignores its token must not keep the client waiting either.
            return await route(context, either.Token).WaitAsync(either.Token);
        }
        catch (OperationCanceledException) when (either.IsCancellationRequested)
        {
            if (!context.RequestAborted.IsCancellationRequested)
            {
                LogSlow(logger, path, timeout.TotalSeconds);
            }

            return DoorReply.Error(StatusCodes.Status503ServiceUnavailable, $"the agent did not answer within {timeout.TotalSeconds:0.#} s", advice);
        }
        catch (LedgerNotOpenException e)
        {
            return DoorReply.Error(
                StatusCodes.Status503ServiceUnavailable, e.Message, "the agent tries again: see the ledger's last error in opsctl status, and its disk");
        }
        catch (Exception e)
        {
            // The outermost boundary of a request: whatever went wrong in it stays in it.
            LogFailed(logger, e, path);
            return DoorReply.Error(
                StatusCodes.Status500InternalServerError, $"the agent could not answer: {e.Message}", "see the agent's log");
        }
    }
}
