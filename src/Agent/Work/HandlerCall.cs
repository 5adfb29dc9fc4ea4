using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;

namespace OpsAgent.Agent.Work;

/// <summary>Asks handlers, and keeps what they throw from the ledger's business.</summary>
/// <param name="source">Found late: handlers may themselves look at work, as the one that answers pings does.</param>
/// <param name="logger">Where their failures go.</param>
internal sealed partial class HandlerCall(Func<IHandlerSource> source, ILogger<HandlerCall> logger)
{
    /// <summary>False if nothing handles the type today, so that none of its requests is valid.</summary>
    public bool Takes(MsgType type) => source().Find(type) is not null;

    /// <summary>The work that a stored request asks for today; else why it asks for none.</summary>
    public (WorkRequest? Work, string Reason) Ask(OpsMessage message)
    {
        var handler = source().Find(message.MsgType);
        if (handler is null)
        {
            return (null, $"no handler takes {message.MsgType} any more");
        }

        try
        {
            return handler.Handle(message) switch
            {
                Verdict.Work work => (work.Request, ""),
                Verdict.Refused refused => (null, refused.Reason),
                _ => (null, $"{message.MsgType} is no work any more"),
            };
        }
        catch (Exception e)
        {
            // A handler's fault is one request's error, never the agent's.
            LogHandlerFailed(e, message.MsgType, message.RequestId);
            return (null, $"its handler failed: {e.Message}");
        }
    }

    /// <summary>
    /// What a result means to the facility. A handler that fails at it leaves an error, or a doubt where there may have been
    /// an effect.
    /// </summary>
    public async ValueTask<Conclusion> ConcludeAsync(
        OpsMessage message, RunResult result, RecoveryPolicy recovery, CancellationToken cancellationToken)
    {
        // A type that a reload has removed meanwhile is concluded as it was begun.
        var handlers = source();
        if ((handlers.Find(message.MsgType) ?? handlers.FindFormer(message.MsgType)) is not IWorkHandler handler)
        {
            return Cut(new Conclusion(result.Outcome, result.Reason, []));
        }

        try
        {
            return Cut(await handler.ConcludeAsync(message, result, cancellationToken));
        }
        catch (Exception e)
        {
            LogConclusionFailed(e, message.MsgType, message.RequestId, result.Outcome.ToWire());
            var doubtful = result.Outcome == Outcome.Unknown || (result.Ran && recovery == RecoveryPolicy.Report);
            var kept = result.Ran ? Outcome.Error : result.Outcome;
            return Cut(new Conclusion(
                doubtful ? Outcome.Unknown : kept is Outcome.Ok ? Outcome.Error : kept,
                $"its handler failed to conclude '{result.Outcome.ToWire()}': {e.Message}",
                []));
        }
    }

    /// <summary>What is to be recorded of a request that waits for a credential; null: nothing.</summary>
    public async ValueTask<ActionRecord?> HeldAsync(OpsMessage message, string reason, CancellationToken cancellationToken)
    {
        if (source().Find(message.MsgType) is not IWorkHandler handler)
        {
            return null;
        }

        try
        {
            return await handler.HeldAsync(message, reason, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogHandlerFailed(e, message.MsgType, message.RequestId);
            return null;
        }
    }

    private static Conclusion Cut(Conclusion conclusion) =>
        conclusion with { Reason = OneLine.Of(conclusion.Reason, Settlement.MaxReason) };
}
