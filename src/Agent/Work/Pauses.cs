using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Pauses over the ledger: on disk first, then in memory, then in the lanes.</summary>
internal sealed class Pauses(WorkLedger ledger, PauseTable table, LaneBoard lanes, TimeProvider time) : IPauses
{
    private const int MaxReason = 300;

    public IReadOnlyList<PausedType> All => table.All;

    /// <summary>Takes up those of an earlier run. Before the lanes are opened.</summary>
    public Task LoadAsync(CancellationToken cancellationToken) =>
        ledger.Writer.DoAsync(new LoadPausesOperation(found => found.ForEach(table.Set)), cancellationToken);

    public Task<PausedType> PauseAsync(MsgType msgType, string by, uint uid, string reason, CancellationToken cancellationToken)
    {
        var paused = new PausedType(msgType, by, uid, time.GetUtcNow(), OneLine.Of(reason, MaxReason));
        return ledger.Writer.DoAsync(new PauseOperation(paused, table.Set), cancellationToken);
    }

    public Task<PausedType?> ResumeAsync(MsgType msgType, CancellationToken cancellationToken) =>
        ledger.Writer.DoAsync(
            new ResumeOperation(msgType, () =>
            {
                table.Remove(msgType);
                lanes.Turn();
            }),
            cancellationToken);
}
