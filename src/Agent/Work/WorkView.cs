using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Work as people see it, and the cancel.</summary>
internal sealed class WorkView(WorkLedger ledger, LaneBoard lanes, Settler settler, RunningTable running, CommitWait commit) : IWorkView
{
    private const int Tries = 100;

    public WorkCounts Counts
    {
        get
        {
            var (queued, begun, oldest) = (0, 0, (DateTimeOffset?)null);
            foreach (var lane in lanes.Lanes)
            {
                queued += lane.Queued;
                begun += lane.Running;
                oldest = lane.OldestQueuedAt is { } at && !(oldest <= at) ? at : oldest;
            }

            return new WorkCounts(queued, begun, lanes.InDoubt, oldest);
        }
    }

    public IReadOnlyList<LaneCounts> Lanes => lanes.Lanes;

    public Task<IReadOnlyList<WorkRow>> ListAsync(string? state, string? msgType, string? sender, int limit, CancellationToken cancellationToken)
    {
        WorkState? wanted = null;
        if (state is not null)
        {
            if (!WorkStateNames.TryParse(state, out var parsed))
            {
                throw new ArgumentException($"'{state}' is no state: queued, starting, running, doubt or settled", nameof(state));
            }

            wanted = parsed;
        }

        return Task.Run(() => ledger.Rows.List(wanted, msgType, sender, Math.Clamp(limit, 1, 1_000)), cancellationToken);
    }

    public bool IsTracked(RequestId id) => running.Find(id) is not null;

    public Task<WorkRow?> FindAsync(RequestId id, CancellationToken cancellationToken) =>
        Task.Run(() => ledger.Rows.Find(id), cancellationToken);

    public async Task<CancelAnswer> CancelAsync(RequestId id, bool force, string by, CancellationToken cancellationToken)
    {
        // It may start or end while it is looked at; then the look is repeated.
        for (var i = 0; i < Tries; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await TryCancelAsync(id, force, by, cancellationToken) is { } answer)
            {
                return answer;
            }

            await Task.Yield();
        }

        // Begun all the while, and not on the table: an earlier run of it could not be recovered yet, and what is left of it may live.
        return ledger.Reader.Load(id) is { State: WorkState.Starting or WorkState.Running } row && running.Find(row.RequestId) is null
            ? CancelAnswer.Unrecovered
            : CancelAnswer.Refused;
    }

    private async Task<CancelAnswer?> TryCancelAsync(RequestId id, bool force, string by, CancellationToken cancellationToken)
    {
        var row = ledger.Reader.Load(id);
        return row?.State switch
        {
            null => ledger.Rows.Find(id) is null ? CancelAnswer.NotFound : CancelAnswer.AlreadySettled,
            WorkState.Settled => CancelAnswer.AlreadySettled,
            WorkState.Doubt => CancelAnswer.Doubtful,
            WorkState.Queued => await CancelQueuedAsync(row, by, cancellationToken),
            _ => await CancelBegunAsync(row, force, by, cancellationToken),
        };
    }

    private async Task<CancelAnswer?> CancelQueuedAsync(StoredWork row, string by, CancellationToken cancellationToken)
    {
        if (!await lanes.Filled.WaitAsync(cancellationToken))
        {
            return CancelAnswer.GoingDown;
        }

        var result = RunResult.NotRun(Outcome.Cancelled, $"cancelled by {by}");
        var settling = settler.SettleQueuedAsync(row, row.ToMessage(), result, CancellationToken.None);
        var outcome = await commit.ForAsync(settling, cancellationToken);
        return outcome is null ? null : CancelAnswer.Cancelled;
    }

    private async Task<CancelAnswer?> CancelBegunAsync(StoredWork row, bool force, string by, CancellationToken cancellationToken)
    {
        if (running.Find(row.RequestId) is not { } work)
        {
            return null;
        }

        if (work.IsReport && !force && work.MayHaveActed)
        {
            return CancelAnswer.Refused;
        }

        work.Cancel(by);
        return await commit.ForAsync(work.Ended, () => work.IsOver, cancellationToken) switch
        {
            null => null,
            Outcome.Cancelled => CancelAnswer.Cancelled,
            Outcome.Unknown => CancelAnswer.InDoubt,
            _ => CancelAnswer.AlreadySettled,
        };
    }
}
