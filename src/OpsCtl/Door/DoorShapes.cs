namespace OpsAgent.OpsCtl.Door;

/// <summary>GET /v1/status of the local door.</summary>
internal sealed record AgentState(
    string Agent,
    int Pid,
    string Version,
    string State,
    DateTimeOffset StartedAt,
    double UptimeS,
    string Namespace,
    string Queue,
    BrokerState Broker,
    WorkTotals Work,
    IReadOnlyList<LaneState> Lanes,
    OutboxState Outbox,
    LedgerState Ledger,
    int HeldDeliveries,
    long Dispatched = 0,
    MonitorFacts? Monitor = null,
    IReadOnlyList<PauseState>? Paused = null,
    long RunLogLinesDropped = 0,
    IReadOnlyList<CredentialLife>? Credentials = null,
    LastError? LastError = null,
    IReadOnlyList<string>? Degraded = null,
    IReadOnlyList<HoldState>? Holds = null);

/// <summary>A type whose work waits: why and what to do about it, and since when.</summary>
internal sealed record HoldState(string MsgType, string Reason, DateTimeOffset Since);

/// <summary>A credential that comes in a file, as the agent sees it.</summary>
internal sealed record CredentialLife(string Name, string Path, string Status, double? DaysLeft);

/// <summary>The last error of the agent's log.</summary>
internal sealed record LastError(DateTimeOffset At, string Text);

internal sealed record BrokerState(bool Connected, string Endpoint, DateTimeOffset Since, string LastError, string Holding = "");

internal sealed record WorkTotals(int Queued, int Running, int InDoubt, double? OldestQueuedS);

internal sealed record LaneState(string Name, int Slots, int Queued, int Running, double? OldestQueuedS);

/// <summary>An agent that does not count what it drops tells of none.</summary>
internal sealed record OutboxState(int Depth, double? OldestS, long Expired = 0, long CrowdedOut = 0, long Refused = 0, double? DroppedS = null);

internal sealed record LedgerState(string LastError, long Bytes = 0, long MaxBytes = 0, long LogBytes = 0);

/// <summary>The facility's monitor; empty URLs when the agent has none. An older agent does not tell of it.</summary>
internal sealed record MonitorFacts(
    string Url, string StreamsUrl, double? HeartbeatS, string LastError, long Records, double? OldestRecordS, long RecordsRefused,
    long RecordsDropped, long LogsDropped);

/// <summary>A type whose work waits; of one that is not paused, only the type.</summary>
internal sealed record PauseState(string MsgType, string? By, DateTimeOffset? Since, string? Reason);

/// <summary>POST /v1/capabilities/{type}/pause and resume.</summary>
internal sealed record PauseResult(string Answer, PauseState Pause);

/// <summary>GET /v1/work.</summary>
internal sealed record WorkPage(IReadOnlyList<WorkItem> Work);

/// <summary>One request, of the door or of the ledger file.</summary>
internal sealed record WorkItem
{
    public string RequestId { get; init; } = "";

    public string MsgType { get; init; } = "";

    public string State { get; init; } = "";

    public string Lane { get; init; } = "";

    public string? DedupKey { get; init; }

    public string? DeliveryId { get; init; }

    public string? RequestedBy { get; init; }

    public string? Sender { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    public DateTimeOffset ReceivedAt { get; init; }

    public DateTimeOffset? StartedAt { get; init; }

    public DateTimeOffset? SettledAt { get; init; }

    public int Attempts { get; init; }

    public DateTimeOffset? NotBefore { get; init; }

    public int? Pid { get; init; }

    public string? Program { get; init; }

    public string? ProgramHash { get; init; }

    public string? Outcome { get; init; }

    public string Reason { get; init; } = "";

    public int? ExitCode { get; init; }

    public long? DurationMs { get; init; }

    public int? Survivors { get; init; }

    public string? DuplicateOf { get; init; }

    public string? RetryOf { get; init; }

    public DateTimeOffset? DoubtAt { get; init; }

    public int? Looks { get; init; }

    public DateTimeOffset? LookedAt { get; init; }

    public string? Looked { get; init; }

    public string? Body { get; init; }
}

/// <summary>GET /v1/work/{id}/why.</summary>
internal sealed record WorkWhy(string RequestId, string MsgType, string State, string Cause, IReadOnlyList<string> Evidence);

/// <summary>POST /v1/work/{id}/cancel and /settle.</summary>
internal sealed record ChangeResult(string RequestId, string Answer);

/// <summary>The body of POST /v1/work/{id}/settle: what its doer would have printed, and how it is known.</summary>
internal sealed record SettleFinding(string? Result, string? Reason);

/// <summary>POST /v1/work/{id}/retry.</summary>
internal sealed record RetryResult(string RequestId, string RetryOf);

/// <summary>Every answer of the door that is not 200.</summary>
internal sealed record DoorError(string Error, string Advice);
