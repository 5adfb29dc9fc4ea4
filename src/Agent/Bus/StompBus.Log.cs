using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Bus;

internal sealed partial class StompBus
{
    [LoggerMessage(1001, LogLevel.Information, "connected to {Endpoint}, STOMP {Version}, server {Server}; consuming {Queue}")]
    private partial void LogConnected(string endpoint, string version, string server, string queue);

    [LoggerMessage(1002, LogLevel.Warning, "disconnected from {Endpoint}: {Reason}")]
    private partial void LogDisconnected(string endpoint, string reason);

    [LoggerMessage(1003, LogLevel.Warning, "{Count} changes of the connection before this one are not in the log")]
    private partial void LogUntold(int count);

    [LoggerMessage(
        1004, LogLevel.Warning,
        "broker.vouches_for_senders is on, but the broker wrote no sender's login (JMSXUserID) into a message of {Queue}: rules that name "
        + "users refuse such messages; see docs/security.md for what the broker must have set")]
    private partial void LogUnnamed(string queue);
}
