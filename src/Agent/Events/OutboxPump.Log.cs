using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Events;

internal sealed partial class OutboxPump
{
    [LoggerMessage(3111, LogLevel.Warning, "The outbox could not be read; publishing is tried again")]
    private partial void LogPublishFailed(Exception error);

    [LoggerMessage(3112, LogLevel.Warning, "Event {EventId} to {Destination} was not sent; it is tried again")]
    private partial void LogSendFailed(Exception error, string eventId, string destination);

    [LoggerMessage(3115, LogLevel.Error, "The broker refuses {Destination}: event {EventId} and what else goes there waits a minute, settlements are dropped: {Refusal}")]
    private partial void LogRefused(string eventId, string destination, string refusal);
}
