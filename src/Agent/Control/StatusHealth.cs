using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Control;

/// <summary>What of a status wants somebody's eye, a line each; nothing while all is well.</summary>
internal static class StatusHealth
{
    private const double OldEventS = 60;
    private const double RecentDropS = 3600;
    private const double OldHeartbeatS = 180;
    private const double OldRecordS = 600;

    public static IReadOnlyList<string> Of(StatusAnswer status) =>
    [
        .. Agent(status),
        .. status.Paused.Select(static p => $"{p.MsgType} is paused by {p.By}"),
        .. status.Holds.Select(static h => $"{h.MsgType} is held: {h.Reason}"),
        .. Monitor(status.Monitor, status.UptimeS),
        .. status.Credentials.Where(static c => c.Status != "ok").Select(Credential),
    ];

    private static IEnumerable<string> Agent(StatusAnswer status)
    {
        if (status.State is "STARTING" or "DRAINING")
        {
            yield return status.State == "STARTING" ? "starting: its ledger is not taken up yet" : "stopping: it starts nothing more";
        }

        if (!status.Broker.Connected)
        {
            yield return $"no broker at {status.Broker.Endpoint}{After(status.Broker.LastError)}";
        }

        if (status.Ledger.LastError.Length > 0)
        {
            yield return $"the ledger fails{After(status.Ledger.LastError)}";
        }

        if (status.Ledger.MaxBytes > 0 && status.Ledger.Bytes >= status.Ledger.MaxBytes)
        {
            yield return $"the ledger is full at {status.Ledger.MaxBytes >> 20} MiB: new work is rejected";
        }

        if (status.Ledger.LogBytes > LedgerWriter.LargeLog)
        {
            yield return $"the ledger's log has {status.Ledger.LogBytes >> 20} MiB: another program holds the file open (fuser ledger.db)";
        }

        if (status.Work.InDoubt > 0)
        {
            yield return $"{status.Work.InDoubt} in doubt: opsctl work list --state doubt";
        }

        if (status.Outbox.OldestS > OldEventS)
        {
            yield return $"{status.Outbox.Depth} events not confirmed by the broker, the oldest for {status.Outbox.OldestS:0} s";
        }

        if (status.Outbox.DroppedS < RecentDropS)
        {
            var (refused, expired, crowdedOut) = (status.Outbox.Refused, status.Outbox.Expired, status.Outbox.CrowdedOut);
            yield return $"{refused + expired + crowdedOut} events dropped, the last {status.Outbox.DroppedS:0} s ago: "
                + $"{refused} refused by the broker, {expired} too old, {crowdedOut} for want of room";
        }
    }

    private static IEnumerable<string> Monitor(MonitorAnswer monitor, double uptimeS)
    {
        if (monitor.LastError.Length > 0)
        {
            yield return $"monitor{After(monitor.LastError)}";
        }
        else if (monitor.Url.Length > 0 && (monitor.HeartbeatS ?? uptimeS) > OldHeartbeatS)
        {
            yield return $"the monitor took no heartbeat for {monitor.HeartbeatS ?? uptimeS:0} s";
        }

        if (monitor.OldestRecordS > OldRecordS)
        {
            yield return $"{monitor.Records} action records wait, the oldest for {monitor.OldestRecordS:0} s";
        }
    }

    private static string Credential(CredentialAnswer credential) => credential.Status switch
    {
        "expiring" => $"credential {credential.Name} ends in {credential.DaysLeft:0.0} days",
        _ => $"credential {credential.Name} is {credential.Status}",
    };

    private static string After(string error) => error.Length > 0 ? $": {error}" : "";
}
