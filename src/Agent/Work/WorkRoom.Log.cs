using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Work;

internal sealed partial class WorkRoom
{
    [LoggerMessage(3071, LogLevel.Information, "Draining: {Count} runs are ended, to run again at the next start")]
    private partial void LogEnding(int count);

    [LoggerMessage(3074, LogLevel.Warning, "Stopping at once: {Count} runs are left as they are, for the next start to find")]
    private partial void LogLeft(int count);

    [LoggerMessage(3072, LogLevel.Warning, "{Count} messages could not be published before the end; the next start publishes them")]
    private partial void LogUnpublished(long count);

    [LoggerMessage(3073, LogLevel.Error, "Stopping with runs that could not be settled, since the ledger does not commit: {Error}")]
    private partial void LogUnsettled(string error);
}
