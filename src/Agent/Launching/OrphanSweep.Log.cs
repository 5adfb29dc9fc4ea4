using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

internal sealed partial class OrphanSweep
{
    [LoggerMessage(4002, LogLevel.Warning,
        "Process {Pid} (session {Session}) was left behind by a doer but carries no mark: it can't be said whose it is, and it is left alone")]
    private partial void LogUnattributed(int pid, int session);
}
