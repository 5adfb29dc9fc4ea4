using Microsoft.Extensions.Logging;
using OpsAgent.Stomp.Protocol;

namespace OpsAgent.Stomp.Connection;

/// <summary>What is logged of a connection's fate: one warning when it begins to fail, and one a minute while that lasts.</summary>
internal sealed partial class OutageLog(ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan BetweenWarnings = TimeSpan.FromMinutes(1);
    private long? _lastWarning;

    public void ConnectFailed(StompEndpoint endpoint, ConnectFailedException failure, int tried) =>
        LogConnectFailed(WarningOrDebug(always: false), endpoint, tried, failure.Message);

    public void Lost(StompEndpoint endpoint, string reason, bool afterGoodConnection, bool asked)
    {
        if (asked)
        {
            LogClosed(endpoint, reason);
        }
        else
        {
            LogLost(WarningOrDebug(afterGoodConnection), endpoint, reason);
        }
    }

    public void Connected(StompEndpoint endpoint, string version, string? server, long number) =>
        LogConnected(endpoint, version, server ?? "a server that does not say what it is", number);

    public void NoSubscription(string subscription, string destination) =>
        LogNoSubscription(Printable.Line(subscription), Printable.Line(destination));

    private LogLevel WarningOrDebug(bool always)
    {
        if (!always && _lastWarning is { } last && time.GetElapsedTime(last) < BetweenWarnings)
        {
            return LogLevel.Debug;
        }

        _lastWarning = time.GetTimestamp();
        return LogLevel.Warning;
    }
}
