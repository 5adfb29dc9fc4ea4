using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Launching;

internal sealed partial class DoerRunner
{
    [LoggerMessage(4020, LogLevel.Debug, "Started {Doer}, pid {Pid}")]
    private partial void LogStarted(string doer, int pid);

    [LoggerMessage(4021, LogLevel.Information, "Ended the tree of pid {Pid}: {Ended} processes, {Survivors} survived")]
    private partial void LogTreeEnded(int pid, int ended, int survivors);

    [LoggerMessage(4022, LogLevel.Warning, "Ended what a former run of {Request} left: {Ended} processes, {Survivors} survived")]
    private partial void LogEnded(string request, int ended, int survivors);

    [LoggerMessage(4023, LogLevel.Information, "Re-attached to pid {Pid}, started at tick {StartTime}")]
    private partial void LogReattached(int pid, long startTime);

    [LoggerMessage(4024, LogLevel.Warning, "A work folder of {Request} could not be removed")]
    private partial void LogFolderLeft(string request);

    [LoggerMessage(4025, LogLevel.Information, "Removed {Count} work folders that nobody will ask for")]
    private partial void LogFoldersRemoved(int count);

    [LoggerMessage(4026, LogLevel.Warning, "The work folders could not be looked through")]
    private partial void LogFoldersUnread(Exception error);

    [LoggerMessage(4033, LogLevel.Warning, "Ended what a doer that is gone left in its cgroup: {Ended} processes, {Survivors} survived")]
    private partial void LogLeftEnded(int ended, int survivors);

    [LoggerMessage(4034, LogLevel.Warning, "Output could not be read to its end: its disk does not answer")]
    private partial void LogOutputUnread();
}
