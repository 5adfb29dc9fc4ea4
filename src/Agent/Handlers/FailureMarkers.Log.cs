using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Handlers;

/// <remarks>Paths hold validated ids and hashes only, so they may stand in a log line as they are.</remarks>
internal sealed partial class FailureMarkers
{
    [LoggerMessage(
        EventId = 2301,
        Level = LogLevel.Warning,
        Message = "Failure marker {Path} not written; the request is settled all the same")]
    private partial void NotWritten(string path, Exception exception);

    [LoggerMessage(
        EventId = 2302,
        Level = LogLevel.Debug,
        Message = "Failure marker {Path} left out: the folder holds a complete log")]
    private partial void FolderIsDone(string path);

    [LoggerMessage(
        EventId = 2303,
        Level = LogLevel.Warning,
        Message = "Failure marker {Path} is not written yet, nor are those of other requests that are held: the disk hangs")]
    private partial void Hangs(string path);
}
