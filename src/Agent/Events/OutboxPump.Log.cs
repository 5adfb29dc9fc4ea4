using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Events;

internal sealed partial class OutboxPump
{
    [LoggerMessage(3111, LogLevel.Warning, "The outbox could not be read; publishing is tried again")]
    private partial void LogPublishFailed(Exception error);

    [LoggerMessage(3112, LogLevel.Warning, "Event {EventId} to {Destination} was not sent; it is tried again")]
    private partial void LogSendFailed(Exception error, string eventId, string destination);
}
