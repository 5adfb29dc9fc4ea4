using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Holds;

internal sealed partial class HoldKeeper
{
    [LoggerMessage(3091, LogLevel.Warning, "{MsgType} is held: {Reason}")]
    private partial void LogHeld(MsgType msgType, string reason);

    [LoggerMessage(3092, LogLevel.Information, "{MsgType} goes on, after it was held for {Seconds:0} s")]
    private partial void LogGoesOn(MsgType msgType, double seconds);
}
