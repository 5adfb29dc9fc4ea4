using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Work;
using OpsAgent.Capabilities.Reading;

namespace OpsAgent.Agent.Control;

/// <summary>Pause and resume of a type.</summary>
internal sealed partial class DoorCapabilities(IPauses pauses, IHandlerSource handlers, ILogger<ControlDoor> logger) : IDoorPart
{
    public void Map(IEndpointRouteBuilder routes, DoorGuard guard)
    {
        routes.MapPost("/v1/capabilities/{type}/pause", guard.Around(PauseAsync));
        routes.MapPost("/v1/capabilities/{type}/resume", guard.Around(ResumeAsync));
    }

    private async Task<DoorReply> PauseAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var type = TypeOf(context);
        if (!handlers.WorkTypes.Contains(type.Value))
        {
            return NotKnown(type);
        }

        if (DoorPeer.Of(context) is not { } peer)
        {
            return DoorPeer.Unknown();
        }

        var paused = await pauses.PauseAsync(type, peer.User, peer.Uid, context.Request.Query["reason"].ToString(), cancellationToken);
        LogPaused(logger, type, peer.Uid, peer.Pid, paused.Reason);
        return DoorReply.Ok(new PauseAnswer("paused", PausedAnswer.Of(paused)), DoorJson.Default.PauseAnswer);
    }

    /// <summary>Also of a type that the manifest has no more, since its pause would otherwise stay for ever.</summary>
    private async Task<DoorReply> ResumeAsync(HttpContext context, CancellationToken cancellationToken)
    {
        var type = TypeOf(context);
        if (!handlers.WorkTypes.Contains(type.Value) && pauses.All.All(p => p.MsgType != type))
        {
            return NotKnown(type);
        }

        if (DoorPeer.Of(context) is not { } peer)
        {
            return DoorPeer.Unknown();
        }

        var was = await pauses.ResumeAsync(type, cancellationToken);
        LogResumed(logger, type, peer.Uid, peer.Pid, was is not null);
        var answer = was is null
            ? new PauseAnswer("was not paused", new PausedAnswer(type.Value))
            : new PauseAnswer("resumed", PausedAnswer.Of(was));
        return DoorReply.Ok(answer, DoorJson.Default.PauseAnswer);
    }

    private DoorReply NotKnown(MsgType type) => DoorReply.Error(
        StatusCodes.Status404NotFound,
        $"this agent has no work of type '{type}'{Spelling.Hint(type.Value, handlers.WorkTypes)}",
        $"there are: {string.Join(", ", handlers.WorkTypes)}");

    private static MsgType TypeOf(HttpContext context) => new(context.GetRouteValue("type") as string ?? "");

    [LoggerMessage(7030, LogLevel.Warning, "{MsgType} paused by uid {Uid} (pid {Pid}): {Reason}")]
    private static partial void LogPaused(ILogger logger, MsgType msgType, uint uid, int pid, string reason);

    [LoggerMessage(7031, LogLevel.Information, "{MsgType} resumed by uid {Uid} (pid {Pid}); it was paused: {Was}")]
    private static partial void LogResumed(ILogger logger, MsgType msgType, uint uid, int pid, bool was);
}
