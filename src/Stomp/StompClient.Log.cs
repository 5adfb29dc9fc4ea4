using Microsoft.Extensions.Logging;

namespace OpsAgent.Stomp;

public sealed partial class StompClient
{
    [LoggerMessage(EventId = 111, Level = LogLevel.Error, Message = "the handler of message {MessageId} failed")]
    private partial void LogHandlerFailed(Exception failure, string messageId);

    [LoggerMessage(EventId = 112, Level = LogLevel.Error, Message = "a listener to the connection's {Kind} failed")]
    private partial void LogListenerFailed(Exception failure, StompChangeKind kind);

    [LoggerMessage(EventId = 113, Level = LogLevel.Warning, Message = "the broker did not confirm DISCONNECT in time; the connection was closed")]
    private partial void LogNoGoodBye();

    [LoggerMessage(EventId = 114, Level = LogLevel.Warning, Message = "a message handler still ran when the time to disconnect was over")]
    private partial void LogHandlerStillRuns();
}
