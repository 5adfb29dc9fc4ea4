using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class Executor
{
    [LoggerMessage(3051, LogLevel.Information, "Request {RequestId} ({MsgType}) is tried again from {NotBefore:O} on: {Reason}")]
    private partial void LogTryAgain(MsgType msgType, RequestId requestId, DateTimeOffset notBefore, string reason);

    [LoggerMessage(3052, LogLevel.Error, "The runner failed at request {RequestId} ({MsgType})")]
    private partial void LogRunnerFailed(Exception error, MsgType msgType, RequestId requestId);
}
