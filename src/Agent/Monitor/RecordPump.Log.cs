using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Monitor;

internal sealed partial class RecordPump
{
    [LoggerMessage(5111, LogLevel.Warning, "The action records could not be read or forgotten; sending is tried again")]
    private partial void LogStoreFailed(Exception error);

    [LoggerMessage(5112, LogLevel.Warning, "The monitor takes no action records; they are kept, and tried on: {Problem}")]
    private partial void LogFailing(string problem);

    [LoggerMessage(5113, LogLevel.Information, "The monitor takes action records again")]
    private partial void LogTakenAgain();

    [LoggerMessage(5114, LogLevel.Error, "The monitor refuses the action record of request {RequestId}, and it is dropped: {Problem}")]
    private partial void LogRefused(string requestId, string problem);

    [LoggerMessage(5115, LogLevel.Error,
        "The monitor fails at the action record of request {RequestId} and takes others, and it is dropped: {Problem}")]
    private partial void LogAtFault(string requestId, string problem);
}
