using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class WorkDecisions
{
    [LoggerMessage(3097, LogLevel.Warning, "Request {RequestId} ({MsgType}) is run again as {NewId}, decided by {By}")]
    private partial void LogRetry(MsgType msgType, RequestId requestId, RequestId newId, string by);
}
