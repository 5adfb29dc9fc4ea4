using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Hosting;

/// <summary>Gathers for the local door what the rooms keep in memory.</summary>
internal sealed class AgentStatus(
    AgentIdentity identity, AgentOptions options, Startup startup, ManifestInForce manifest, OperationalState state, IWorkView work, IPauses pauses, HoldTable holds, OutboxGauge outbox,
    WorkLedger ledger, HoldingWindow window, Dispatcher dispatcher, MonitorRoom monitor,
    RunLogWriter runLogs, CredentialWatch credentials, LastErrorLog errors, TimeProvider time) : IAgentStatus
{
    public IReadOnlyList<ConfigurationEntry> Configuration => EffectiveEntries.Of(startup with { Manifest = manifest.Manifest });

    public AgentSnapshot Snapshot() => new()
    {
        Agent = identity.Name,
        Pid = identity.Pid,
        Version = identity.Version,
        State = state.Current(work.Counts),
        StartedAt = identity.StartedAt,
        Uptime = time.GetElapsedTime(identity.Started),
        Namespace = identity.Namespace,
        Queue = options.Bus.Queue,
        OutboxDepth = (int)Math.Min(outbox.Depth, int.MaxValue),
        OutboxOldestAt = outbox.OldestAt,
        OutboxExpired = outbox.Expired,
        OutboxCrowdedOut = outbox.CrowdedOut,
        OutboxRefused = outbox.Refused,
        OutboxSinceDropped = outbox.SinceDropped,
        LedgerLastError = ledger.LastError,
        LedgerBytes = ledger.Space.Bytes,
        LedgerMaxBytes = ledger.Space.MaxBytes,
        LedgerLogBytes = ledger.Space.LogBytes,
        HeldDeliveries = window.Count,
        Dispatched = dispatcher.Dispatched,
        Paused = pauses.All,
        Holds = holds.All,
        RunLogLinesDropped = runLogs.Dropped,
        Credentials = credentials.Now,
        LastError = errors.Last,
        Monitor = monitor.State,
    };
}
