using Microsoft.Extensions.Logging;

namespace OpsAgent.Stomp.Broker;

public sealed partial class StompBroker
{
    [LoggerMessage(EventId = 121, Level = LogLevel.Information, Message = "the embedded broker listens on {Endpoint}")]
    private partial void LogListening(StompEndpoint endpoint);

    [LoggerMessage(EventId = 122, Level = LogLevel.Debug, Message = "connection {Number} to the embedded broker ended: {Reason}")]
    private partial void LogEnded(long number, string reason);

    [LoggerMessage(EventId = 123, Level = LogLevel.Warning, Message = "the embedded broker can't accept a connection; it tries again")]
    private partial void LogAcceptFailed(Exception failure);

    [LoggerMessage(EventId = 124, Level = LogLevel.Warning, Message = "the embedded broker refused a connection: it has {Limit} already")]
    private partial void LogTooMany(int limit);
}
