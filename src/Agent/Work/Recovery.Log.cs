using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class Recovery
{
    [LoggerMessage(3061, LogLevel.Warning, "Request {RequestId} ({MsgType}) was {State} when the agent went down: it runs again")]
    private partial void LogRerun(MsgType msgType, RequestId requestId, string state);

    [LoggerMessage(3062, LogLevel.Warning, "Request {RequestId} ({MsgType}) was {State} when the agent went down: it is looked for, never started again")]
    private partial void LogReport(MsgType msgType, RequestId requestId, string state);

    [LoggerMessage(3063, LogLevel.Error, "Request {RequestId} ({MsgType}) is parked after {Starts} starts without an end")]
    private partial void LogParked(MsgType msgType, RequestId requestId, int starts);

    [LoggerMessage(3064, LogLevel.Warning, "Of the earlier run of request {RequestId}, {Ended} processes were ended and {Survivors} could not be")]
    private partial void LogLeftovers(RequestId requestId, int ended, int survivors);

    [LoggerMessage(3065, LogLevel.Error, "It could not be found out how request {RequestId} ({MsgType}) ended")]
    private partial void LogReattachFailed(Exception error, MsgType msgType, RequestId requestId);

    [LoggerMessage(3066, LogLevel.Error, "Request {RequestId} ({MsgType}) could not be recovered; it stays as it is and is tried again in a minute")]
    private partial void LogRecoveryFailed(Exception error, MsgType msgType, RequestId requestId);

    [LoggerMessage(3067, LogLevel.Warning, "Request {RequestId} ({MsgType}) was dropped when its run failed: it is offered again")]
    private partial void LogOfferedAgain(MsgType msgType, RequestId requestId);
}
