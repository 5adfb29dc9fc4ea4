using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class Settler
{
    [LoggerMessage(3041, LogLevel.Error, "Request {RequestId} ({MsgType}) is in doubt and keeps its dedup key: {Reason}")]
    private partial void LogInDoubt(MsgType msgType, RequestId requestId, string reason);

    [LoggerMessage(3042, LogLevel.Warning, "Request {RequestId} ({MsgType}) is in doubt no more: {Outcome}, {How}")]
    private partial void LogResolved(MsgType msgType, RequestId requestId, string outcome, string how);
}
