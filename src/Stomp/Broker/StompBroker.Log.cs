using Microsoft.Extensions.Logging;

namespace OpsAgent.Stomp.Broker;

public sealed partial class StompBroker
{
    [LoggerMessage(EventId = 121, Level = LogLevel.Information, Message = "the embedded broker listens on {Endpoint}")]
    private partial void LogListening(StompEndpoint endpoint);
}
