using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class Settler
{
    [LoggerMessage(3041, LogLevel.Error, "Request {RequestId} ({MsgType}) is in doubt and keeps its dedup key: {Reason}")]
    private partial void LogInDoubt(MsgType msgType, RequestId requestId, string reason);

    [LoggerMessage(3043, LogLevel.Warning, "Request {RequestId} ({MsgType}) is in doubt no more: of what it left, {Ended} processes were ended and {Survivors} could not be")]
    private partial void LogLeftovers(MsgType msgType, RequestId requestId, int ended, int survivors);

    [LoggerMessage(3044, LogLevel.Error, "Request {RequestId} ({MsgType}) is in doubt no more, and what it may have left running could not be looked for")]
    private partial void LogLeftoversUnknown(Exception error, MsgType msgType, RequestId requestId);

    [LoggerMessage(3042, LogLevel.Warning, "Request {RequestId} ({MsgType}) is in doubt no more: {Outcome}, {How}")]
    private partial void LogResolved(MsgType msgType, RequestId requestId, string outcome, string how);
}
