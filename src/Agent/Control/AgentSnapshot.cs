using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;

namespace OpsAgent.Agent.Control;

/// <summary>The agent at one moment, apart from its work and its broker, which the door asks itself.</summary>
internal sealed record AgentSnapshot
{
    /// <summary>The agent's name, as in pong and events.</summary>
    public required string Agent { get; init; }

    public required int Pid { get; init; }

    public required string Version { get; init; }

    /// <summary>STARTING, READY, PROCESSING or EXITED, as the monitor's registry has it; DRAINING while stopping.</summary>
    public required string State { get; init; }

    public required DateTimeOffset StartedAt { get; init; }

    /// <summary>How long ago that was, whatever became of the clock since.</summary>
    public required TimeSpan Uptime { get; init; }

    public required string Namespace { get; init; }

    /// <summary>The destination that requests come from.</summary>
    public required string Queue { get; init; }

    /// <summary>Events that wait to be confirmed by the broker.</summary>
    public int OutboxDepth { get; init; }

    /// <summary>When the oldest of them was made; null if none waits.</summary>
    public DateTimeOffset? OutboxOldestAt { get; init; }

    /// <summary>Events dropped since the start because they were too old to be of use.</summary>
    public long OutboxExpired { get; init; }

    /// <summary>Events dropped since the start because the outbox was full.</summary>
    public long OutboxCrowdedOut { get; init; }

    /// <summary>Settlements dropped since the start because the broker does not take them.</summary>
    public long OutboxRefused { get; init; }

    /// <summary>How long ago the last event or settlement was dropped; null if none was since the start.</summary>
    public TimeSpan? OutboxSinceDropped { get; init; }

    /// <summary>Why the ledger's last commit failed; empty while it commits.</summary>
    public string LedgerLastError { get; init; } = "";

    /// <summary>What the ledger's rows take, in bytes.</summary>
    public long LedgerBytes { get; init; }

    /// <summary>How much they may take.</summary>
    public long LedgerMaxBytes { get; init; }

    /// <summary>The ledger's write-ahead log, in bytes.</summary>
    public long LedgerLogBytes { get; init; }

    /// <summary>Deliveries that are held un-acked, since the ledger can't commit or the agent drains.</summary>
    public int HeldDeliveries { get; init; }

    /// <summary>Deliveries taken in since the start, pings among them.</summary>
    public long Dispatched { get; init; }

    /// <summary>Types whose work is accepted but not started.</summary>
    public IReadOnlyList<PausedType> Paused { get; init; } = [];

    /// <summary>Types whose work waits, since something that it needs is not there.</summary>
    public IReadOnlyList<HeldType> Holds { get; init; } = [];

    /// <summary>The credentials that come in files, as of the last look at them.</summary>
    public IReadOnlyList<CredentialAnswer> Credentials { get; init; } = [];

    /// <summary>The last error that was logged; null if there was none.</summary>
    public LastErrorAnswer? LastError { get; init; }

    /// <summary>Lines of runs' output that could not be kept since the start.</summary>
    public long RunLogLinesDropped { get; init; }

    /// <summary>What is known of the monitor.</summary>
    public MonitorState Monitor { get; init; } = new();
}
