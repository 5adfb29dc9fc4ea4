using OpsAgent.OpsCtl.Output;

namespace OpsAgent.OpsCtl.Door;

/// <summary>What an agent's status tells of the facility's monitor.</summary>
internal static class MonitorScreen
{
    /// <summary>Nothing for an agent that does not tell.</summary>
    public static (string Name, Piece Value)[] Facts(MonitorFacts? monitor) => monitor switch
    {
        null => [],
        { Url: "", StreamsUrl: "" } => [("monitor", "off: SWF_MONITOR_URL is not set")],
        _ => [("monitor", Heartbeat(monitor)), ("records", Records(monitor))],
    };

    private static Piece Heartbeat(MonitorFacts monitor)
    {
        var beat = monitor switch
        {
            { Url: "" } => $"no registry; records to {monitor.StreamsUrl}",
            { HeartbeatS: { } age } => $"{monitor.Url}, heartbeat taken {Ages.Of(age)} ago",
            _ => $"{monitor.Url}, no heartbeat taken yet",
        };
        return monitor.LastError.Length > 0 ? new Piece($"{beat}; {monitor.LastError}", Tone.Warning) : beat;
    }

    private static Piece Records(MonitorFacts monitor)
    {
        var waiting = monitor.Records == 0 ? "none waits" : $"{monitor.Records} wait, oldest {Ages.Of(monitor.OldestRecordS)}";
        return monitor.RecordsRefused + monitor.RecordsDropped + monitor.LogsDropped == 0
            ? waiting
            : new Piece(
                $"{waiting}; since the start {monitor.RecordsRefused} REFUSED, {monitor.RecordsDropped} DROPPED for want of room, "
                    + $"{monitor.LogsDropped} log lines dropped",
                Tone.Warning);
    }
}
