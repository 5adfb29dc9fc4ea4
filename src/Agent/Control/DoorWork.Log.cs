using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

internal sealed partial class DoorWork
{
    [LoggerMessage(7010, LogLevel.Information, "cancel of {RequestId} asked for by uid {Uid} (pid {Pid}): {Answer}")]
    private static partial void LogCancel(ILogger logger, RequestId requestId, CancelAnswer answer, uint uid, int pid);
}
