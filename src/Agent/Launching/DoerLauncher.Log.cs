using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

internal sealed partial class DoerLauncher
{
    [LoggerMessage(4027, LogLevel.Warning, "Doers are not nicer than the agent: {Error}; said once")]
    private partial void LogNotNice(string error);
}
