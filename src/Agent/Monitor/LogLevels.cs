using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Monitor;

/// <summary>Levels as the facility's log has them: Python's numbers and names.</summary>
internal static class LogLevels
{
    public static (int Number, string Name) Of(LogLevel level) => level switch
    {
        LogLevel.Critical => (50, "CRITICAL"),
        LogLevel.Error => (40, "ERROR"),
        LogLevel.Warning => (30, "WARNING"),
        LogLevel.Information => (20, "INFO"),
        _ => (10, "DEBUG"),
    };
}
