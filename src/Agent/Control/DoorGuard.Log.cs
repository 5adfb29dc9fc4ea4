using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Control;

internal sealed partial class DoorGuard
{
    [LoggerMessage(7020, LogLevel.Warning, "control door: {Path} took longer than {Seconds} s")]
    private static partial void LogSlow(ILogger logger, string path, double seconds);

    [LoggerMessage(7021, LogLevel.Error, "control door: {Path} failed")]
    private static partial void LogFailed(ILogger logger, Exception exception, string path);
}
