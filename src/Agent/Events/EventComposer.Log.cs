using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Events;

internal sealed partial class EventComposer
{
    [LoggerMessage(3101, LogLevel.Error,
        "An event of request {RequestId} is not published: its msg_type has {Length} characters, 1 to 50 are possible. Shorten it in the manifest")]
    private partial void LogTypeTooLong(int length, RequestId requestId);

    [LoggerMessage(3102, LogLevel.Warning,
        "The event {MsgType} of request {RequestId} has both agent_name and status, as only a heartbeat may: agent_name is left out")]
    private partial void LogLooksLikeHeartbeat(MsgType msgType, RequestId requestId);
}
