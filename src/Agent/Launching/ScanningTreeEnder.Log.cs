using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

internal sealed partial class ScanningTreeEnder
{
    [LoggerMessage(4003, LogLevel.Error, "Process {Pid} (state {State}, session {Session}) could not be ended")]
    private partial void LogSurvivor(int pid, char state, int session);

    [LoggerMessage(4004, LogLevel.Warning, "The processes could not be looked at this time")]
    private partial void LogScanFailed(Exception exception);

    [LoggerMessage(4032, LogLevel.Warning, "The cgroup {Folder} could not be killed: {Error}")]
    private partial void LogCgroupNotKilled(string folder, string error);
}
