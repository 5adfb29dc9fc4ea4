namespace OpsAgent.Agent.Control;

/// <summary>GET /v1/status.</summary>
internal sealed record StatusAnswer(
    string Agent,
    int Pid,
    string Version,
    string State,
    DateTimeOffset StartedAt,
    double UptimeS,
    string Namespace,
    string Queue,
    BrokerAnswer Broker,
    CountsAnswer Work,
    IReadOnlyList<LaneAnswer> Lanes,
    OutboxAnswer Outbox,
    LedgerAnswer Ledger,
    int HeldDeliveries,
    long Dispatched,
    MonitorAnswer Monitor);

/// <summary>The connection to the broker, and what is known of who holds the queue.</summary>
internal sealed record BrokerAnswer(bool Connected, string Endpoint, DateTimeOffset Since, string LastError, string Holding);

/// <summary>All lanes together; ages in seconds, absent when nothing waits.</summary>
internal sealed record CountsAnswer(int Queued, int Running, int InDoubt, double? OldestQueuedS);

/// <summary>One lane.</summary>
internal sealed record LaneAnswer(string Name, int Slots, int Queued, int Running, double? OldestQueuedS);

/// <summary>Events that the broker has not confirmed, and those dropped since the start: too old, or too many.</summary>
internal sealed record OutboxAnswer(int Depth, double? OldestS, long Expired, long CrowdedOut);

/// <summary>The ledger; the error is empty while it commits.</summary>
internal sealed record LedgerAnswer(string LastError);

/// <summary>
/// The monitor: empty URLs when it is off; the age of the last heartbeat that it took; action records that wait, and those that were
/// refused, or dropped for want of room; dropped log lines.
/// </summary>
internal sealed record MonitorAnswer(
    string Url, string StreamsUrl, double? HeartbeatS, string LastError, long Records, double? OldestRecordS, long RecordsRefused,
    long RecordsDropped, long LogsDropped);

/// <summary>GET /v1/work.</summary>
internal sealed record WorkListAnswer(IReadOnlyList<WorkAnswer> Work);

/// <summary>GET /v1/work/{id}/why.</summary>
internal sealed record WhyAnswer(string RequestId, string MsgType, string State, string Cause, IReadOnlyList<string> Evidence);

/// <summary>POST /v1/work/{id}/cancel.</summary>
internal sealed record CancelledAnswer(string RequestId, string Answer);

/// <summary>GET /v1/config.</summary>
internal sealed record ConfigurationAnswer(IReadOnlyList<ConfigurationEntry> Entries);

/// <summary>Every answer that is not 200.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Advice">What to do next.</param>
internal sealed record ErrorAnswer(string Error, string Advice);
