using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class HandlerCall
{
    [LoggerMessage(3031, LogLevel.Error, "The handler of {MsgType} failed at the stored request {RequestId}")]
    private partial void LogHandlerFailed(Exception error, MsgType msgType, RequestId requestId);

    [LoggerMessage(3032, LogLevel.Error, "The handler of {MsgType} failed to conclude request {RequestId}, which had ended with {Outcome}")]
    private partial void LogConclusionFailed(Exception error, MsgType msgType, RequestId requestId, string outcome);
}
