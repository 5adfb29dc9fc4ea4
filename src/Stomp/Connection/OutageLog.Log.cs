using Microsoft.Extensions.Logging;

namespace OpsAgent.Stomp.Connection;

internal sealed partial class OutageLog
{
    [LoggerMessage(EventId = 101, Level = LogLevel.Information, Message = "connection {Number} to {Endpoint}, STOMP {Version}, {Server}")]
    private partial void LogConnected(StompEndpoint endpoint, string version, string server, long number);

    [LoggerMessage(EventId = 102, Message = "no connection to {Endpoint} (try {Tried}): {Reason}")]
    private partial void LogConnectFailed(LogLevel level, StompEndpoint endpoint, int tried, string reason);

    [LoggerMessage(EventId = 103, Message = "connection to {Endpoint} lost: {Reason}")]
    private partial void LogLost(LogLevel level, StompEndpoint endpoint, string reason);

    [LoggerMessage(EventId = 104, Level = LogLevel.Information, Message = "connection to {Endpoint} closed: {Reason}")]
    private partial void LogClosed(StompEndpoint endpoint, string reason);

    [LoggerMessage(EventId = 105, Level = LogLevel.Debug, Message = "message for no subscription of ours (subscription {Subscription}, {Destination})")]
    private partial void LogNoSubscription(string subscription, string destination);
}
