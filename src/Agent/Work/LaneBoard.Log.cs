using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

internal sealed partial class LaneBoard
{
    [LoggerMessage(3021, LogLevel.Warning, "Work names the lane {Lane}, which the configuration does not have: it gets one slot")]
    private partial void LogUnknownLane(LaneName lane);

    [LoggerMessage(3022, LogLevel.Warning, "A run of {MsgType} ended without being settled; it is recovered in a minute, or by the next start of the agent")]
    private partial void LogRunFailed(Exception error, MsgType msgType);

    [LoggerMessage(3023, LogLevel.Warning, "Waiting work of {MsgType} could not be read from the ledger; it is tried again in a second")]
    private partial void LogPageFailed(Exception error, MsgType msgType);

    [LoggerMessage(3024, LogLevel.Warning, "Work of {MsgType} could not be taken up; it is tried again in a second")]
    private partial void LogNotTakenUp(Exception error, MsgType msgType);
}
