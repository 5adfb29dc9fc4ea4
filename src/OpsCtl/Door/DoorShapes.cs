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
    MonitorFacts? Monitor = null);

internal sealed record BrokerState(bool Connected, string Endpoint, DateTimeOffset Since, string LastError, string Holding = "");

internal sealed record WorkTotals(int Queued, int Running, int InDoubt, double? OldestQueuedS);

internal sealed record LaneState(string Name, int Slots, int Queued, int Running, double? OldestQueuedS);

/// <summary>An agent that does not count what it drops tells of none.</summary>
internal sealed record OutboxState(int Depth, double? OldestS, long Expired = 0, long CrowdedOut = 0);

internal sealed record LedgerState(string LastError);

/// <summary>The facility's monitor; empty URLs when the agent has none. An older agent does not tell of it.</summary>
internal sealed record MonitorFacts(
    string Url, string StreamsUrl, double? HeartbeatS, string LastError, long Records, double? OldestRecordS, long RecordsRefused,
    long RecordsDropped, long LogsDropped);

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

    public string? Body { get; init; }
}

/// <summary>GET /v1/work/{id}/why.</summary>
internal sealed record WorkWhy(string RequestId, string MsgType, string State, string Cause, IReadOnlyList<string> Evidence);

/// <summary>POST /v1/work/{id}/cancel.</summary>
internal sealed record CancelResult(string RequestId, string Answer);

/// <summary>Every answer of the door that is not 200.</summary>
internal sealed record DoorError(string Error, string Advice);
