using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Work;

namespace OpsAgent.Tests.Unit.Agent.Control;

internal sealed class FakeWorkView : IWorkView
{
    public List<WorkRow> Rows { get; } = [];

    public List<(RequestId Id, bool Force, string By)> Cancels { get; } = [];

    public CancelAnswer Answer { get; set; } = CancelAnswer.Cancelled;

    /// <summary>When set, every read waits for it, whatever its token says: a ledger that hangs.</summary>
    public Task? Hang { get; set; }

    /// <summary>When set, a cancel waits for it: a doer that uses its grace.</summary>
    public Task? CancelHangs { get; set; }

    /// <summary>When set, a cancel ends so: a ledger that can't commit.</summary>
    public Exception? CancelFails { get; set; }

    public WorkCounts Counts { get; set; }

    public IReadOnlyList<LaneCounts> Lanes { get; set; } = [];

    public async Task<IReadOnlyList<WorkRow>> ListAsync(string? state, string? msgType, string? sender, int limit, CancellationToken cancellationToken)
    {
        await (Hang ?? Task.CompletedTask);
        return [.. Rows
            .Where(r => (state is null || r.State == state) && (msgType is null || r.MsgType.Value == msgType) && (sender is null || r.Sender == sender))
            .OrderByDescending(r => r.ReceivedAt)
            .Take(limit)];
    }

    public HashSet<string> Lost { get; } = [];

    public bool IsTracked(RequestId id) => !Lost.Contains(id.Value);

    public async Task<WorkRow?> FindAsync(RequestId id, CancellationToken cancellationToken)
    {
        await (Hang ?? Task.CompletedTask);
        return Rows.Find(r => r.RequestId == id);
    }

    public async Task<CancelAnswer> CancelAsync(RequestId id, bool force, string by, CancellationToken cancellationToken)
    {
        Cancels.Add((id, force, by));
        await (CancelFails is { } error ? Task.FromException(error) : CancelHangs ?? Task.CompletedTask);
        return Rows.Exists(r => r.RequestId == id) ? Answer : CancelAnswer.NotFound;
    }
}

internal sealed class FakeDecisions : IWorkDecisions
{
    public List<string> Asked { get; } = [];

    public Decision Answer { get; set; } = new(DecisionKind.Done, "ok");

    public Task<Decision> SettleAsync(RequestId id, Outcome outcome, string output, string reason, string by, CancellationToken cancellationToken)
    {
        Asked.Add($"settle {id} {outcome} '{output}' '{reason}' {by}");
        return Task.FromResult(Answer);
    }

    public Task<Decision> RetryAsync(RequestId id, string by, CancellationToken cancellationToken)
    {
        Asked.Add($"retry {id} {by}");
        return Task.FromResult(Answer);
    }
}

internal sealed class FakeAgentStatus : IAgentStatus
{
    public AgentSnapshot Now { get; set; } = new()
    {
        Agent = "prodops-agent-test-7",
        Pid = 4711,
        Version = "0.1.0",
        State = "READY",
        StartedAt = Moments.Start,
        Uptime = TimeSpan.FromMinutes(1),
        Namespace = "prodops",
        Queue = "/queue/epicprod.ops",
    };

    public IReadOnlyList<ConfigurationEntry> Configuration { get; set; } = [];

    public AgentSnapshot Snapshot() => Now;
}

internal sealed class FakeBusState : IMessageBus
{
    public BusState State { get; set; } = new(true, "broker:61613", Moments.Start, "");

    public ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task SendConfirmedAsync(OutgoingMessage message, CancellationToken cancellationToken) => throw new NotSupportedException();

    public Task WaitConnectedAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
}

internal sealed class FakePauses : IPauses
{
    public List<PausedType> Paused { get; } = [];

    public IReadOnlyList<PausedType> All => Paused;

    public Task<PausedType> PauseAsync(MsgType msgType, string by, uint uid, string reason, CancellationToken cancellationToken)
    {
        var paused = new PausedType(msgType, by, uid, Moments.Start, reason);
        Paused.RemoveAll(p => p.MsgType == msgType);
        Paused.Add(paused);
        return Task.FromResult(paused);
    }

    public Task<PausedType?> ResumeAsync(MsgType msgType, CancellationToken cancellationToken)
    {
        var was = Paused.Find(p => p.MsgType == msgType);
        Paused.RemoveAll(p => p.MsgType == msgType);
        return Task.FromResult(was);
    }
}

internal sealed class FakeReload : IReload
{
    public List<string> Asked { get; } = [];

    public ReloadAnswer Answer { get; set; } = new("/etc/agent.toml", true, [], [], [], [], [], []);

    public ReloadAnswer Reload(string by)
    {
        Asked.Add(by);
        return Answer;
    }
}

internal static class Moments
{
    public static readonly DateTimeOffset Start = new(2026, 8, 5, 12, 0, 0, TimeSpan.Zero);

    public static WorkRow Row(string id, string state = "queued") => new()
    {
        RequestId = new RequestId(id),
        MsgType = new MsgType("fetch_payload_log"),
        State = state,
        Lane = "fetch",
        DedupKey = "fetch:1:2",
        ReceivedAt = Start,
    };
}
