using Microsoft.Extensions.Logging;

namespace OpsAgent.Stomp.Broker;

internal sealed partial class BrokerListener
{
    [LoggerMessage(EventId = 122, Level = LogLevel.Debug, Message = "connection {Number} to the embedded broker ended: {Reason}")]
    private partial void LogEnded(long number, string reason);

    [LoggerMessage(EventId = 123, Level = LogLevel.Warning, Message = "the embedded broker can't accept a connection; it tries again")]
    private partial void LogAcceptFailed(Exception failure);

    [LoggerMessage(EventId = 124, Level = LogLevel.Warning, Message = "the embedded broker has {Limit} connections and refuses further ones")]
    private partial void LogTooMany(int limit);

    [LoggerMessage(EventId = 125, Level = LogLevel.Error, Message = "the embedded broker failed in connection {Number}, and closed it")]
    private partial void LogDefect(Exception defect, long number);
}
