using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Control;

internal sealed partial class ControlDoor
{
    [LoggerMessage(7000, LogLevel.Information, "control door open at {Path}")]
    private static partial void LogOpen(ILogger logger, string path);

    [LoggerMessage(7001, LogLevel.Error, "control door at {Path} can't be opened; the agent runs on without it")]
    private static partial void LogClosed(ILogger logger, Exception exception, string path);
}
