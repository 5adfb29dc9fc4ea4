using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Work.Doubt;

internal sealed partial class DoubtKeeper
{
    [LoggerMessage(3095, LogLevel.Error, "What is in doubt could not be looked at; it is tried again in a minute")]
    private partial void LogFailed(Exception error);
}
