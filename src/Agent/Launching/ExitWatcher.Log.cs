using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

internal sealed unsafe partial class ExitWatcher
{
    [LoggerMessage(4001, LogLevel.Warning, "Adopted orphans could not be swept this time")]
    private partial void LogSweepFailed(Exception exception);
}
