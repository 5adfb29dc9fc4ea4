using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class Settler
{
    [LoggerMessage(3041, LogLevel.Error, "Request {RequestId} ({MsgType}) is in doubt and keeps its dedup key: {Reason}")]
    private partial void LogInDoubt(MsgType msgType, RequestId requestId, string reason);
}
