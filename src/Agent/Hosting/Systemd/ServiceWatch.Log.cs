using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Hosting.Systemd;

internal sealed partial class ServiceWatch
{
    [LoggerMessage(1340, LogLevel.Information, "systemd is told how the agent is; its watchdog's limit is {Watchdog} (0: none)")]
    private partial void LogListens(TimeSpan watchdog);

    [LoggerMessage(1341, LogLevel.Error, "dispatch has not answered the agent's own ping for {Limit}; systemd gets no keep-alive until it does")]
    private partial void LogDispatchSilent(TimeSpan limit);

    [LoggerMessage(1342, LogLevel.Error, "the loop that connects to the broker hangs; systemd gets no keep-alive until it turns")]
    private partial void LogLoopHangs();
}
