using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching.Cgroups;

internal sealed partial class DoerCgroups
{
    [LoggerMessage(4028, LogLevel.Information, "Each doer has a cgroup beneath {Folder} and is ended with it")]
    private partial void LogCgroup(string folder);

    [LoggerMessage(4029, LogLevel.Information, "Doers have no cgroup and are ended by a look at all processes: {Why}")]
    private partial void LogScan(string why);

    [LoggerMessage(4030, LogLevel.Warning, "A doer has no cgroup and is ended by a look at all processes: {Error}; said once")]
    private partial void LogFailed(string error);

    [LoggerMessage(4031, LogLevel.Warning, "Killed what still lived of {Request}, which is over")]
    private partial void LogKilled(string request);
}
