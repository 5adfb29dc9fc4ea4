using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Doubt;

internal sealed partial class LookUps
{
    [LoggerMessage(3181, LogLevel.Warning, "Request {RequestId} ({MsgType}) was looked up: {Outcome}")]
    private partial void LogFound(MsgType msgType, RequestId requestId, string outcome);

    [LoggerMessage(3182, LogLevel.Warning, "Request {RequestId} ({MsgType}) was looked up and nothing can be told: {Said}")]
    private partial void LogNotFound(MsgType msgType, RequestId requestId, string said);

    [LoggerMessage(3183, LogLevel.Error, "The runner failed at a look-up of request {RequestId} ({MsgType})")]
    private partial void LogRunnerFailed(Exception error, MsgType msgType, RequestId requestId);
}
