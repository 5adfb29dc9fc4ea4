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
    MonitorAnswer Monitor,
    IReadOnlyList<PausedAnswer> Paused,
    long RunLogLinesDropped,
    IReadOnlyList<CredentialAnswer> Credentials,
    LastErrorAnswer? LastError)
{
    /// <summary>What wants somebody's eye; empty while all is well.</summary>
    public IReadOnlyList<string> Degraded { get; init; } = [];

    /// <summary>Types whose work waits for a credential, or until it is known who holds the queue.</summary>
    public IReadOnlyList<HeldAnswer> Holds { get; init; } = [];
}

/// <summary>A type whose work waits: why and what to do about it, and since when.</summary>
internal sealed record HeldAnswer(string MsgType, string Reason, DateTimeOffset Since);

/// <summary>A credential that comes in a file: ok, expiring, short, expired, missing, unset, unreadable or exposed, and the days that it has left.</summary>
internal sealed record CredentialAnswer(string Name, string Path, string Status, double? DaysLeft);

/// <summary>The last error of the agent's log.</summary>
internal sealed record LastErrorAnswer(DateTimeOffset At, string Text);

/// <summary>The connection to the broker, and what is known of who holds the queue.</summary>
internal sealed record BrokerAnswer(bool Connected, string Endpoint, DateTimeOffset Since, string LastError, string Holding);

/// <summary>All lanes together; ages in seconds, absent when nothing waits.</summary>
internal sealed record CountsAnswer(int Queued, int Running, int InDoubt, double? OldestQueuedS);

/// <summary>One lane.</summary>
internal sealed record LaneAnswer(string Name, int Slots, int Queued, int Running, double? OldestQueuedS);

/// <summary>
/// Events that the broker has not confirmed, and those dropped since the start: too old, too many, or not taken by the broker; and how
/// long ago the last one was.
/// </summary>
internal sealed record OutboxAnswer(int Depth, double? OldestS, long Expired, long CrowdedOut, long Refused, double? DroppedS);

/// <summary>The ledger; the error is empty while it commits. What its rows take, may take, and what its write-ahead log takes.</summary>
internal sealed record LedgerAnswer(string LastError, long Bytes, long MaxBytes, long LogBytes);

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

/// <summary>POST /v1/work/{id}/cancel and /settle: what it is now, "cancelled", "in doubt" or its outcome.</summary>
internal sealed record ChangedAnswer(string RequestId, string Answer);

/// <summary>POST /v1/work/{id}/retry: the new request, and the one that it runs again.</summary>
internal sealed record RetriedAnswer(string RequestId, string RetryOf);

/// <summary>GET /v1/config.</summary>
internal sealed record ConfigurationAnswer(IReadOnlyList<ConfigurationEntry> Entries);

/// <summary>Every answer that is not 200.</summary>
/// <param name="Error">What is wrong.</param>
/// <param name="Advice">What to do next.</param>
internal sealed record ErrorAnswer(string Error, string Advice);
