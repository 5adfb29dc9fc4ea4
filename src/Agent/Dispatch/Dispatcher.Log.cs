using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Dispatch;

internal sealed partial class Dispatcher
{
    [LoggerMessage(1110, LogLevel.Debug, "a message for another namespace is dropped")]
    private partial void LogForeign();

    [LoggerMessage(1111, LogLevel.Warning, "no handler for msg_type {MsgType}")]
    private partial void LogUnknownType(string msgType);

    [LoggerMessage(1112, LogLevel.Error, "the handler of {MsgType} failed on request {RequestId}")]
    private partial void LogHandlerFailed(Exception error, MsgType msgType, RequestId requestId);
}
