using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Doubt;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>The room as its host sees it: started before the queue is subscribed, drained before the connection is ended.</summary>
internal sealed partial class WorkRoom(
    WorkLedger ledger,
    LaneBoard lanes,
    Executor executor,
    Recovery recovery,
    RunningTable running,
    Pauses pauses,
    HoldKeeper holds,
    HoldTable held,
    HoldTeller teller,
    DrainPace pace,
    OutboxPump outbox,
    RecordPump records,
    DoubtKeeper doubts,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<WorkRoom> logger) : IAsyncDisposable
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>One commit that fails, as while another program reads the ledger's file, is no ledger that does not work.</summary>
    private const int LooksBeforeGivingUp = 5;

    /// <summary>A monitor that does not answer must not hold up a stop: after this no further record is begun.</summary>
    private static readonly TimeSpan RecordsFlush = TimeSpan.FromSeconds(2);

    /// <summary>A request that is just being told to be held may wait for a disk; a stop does not.</summary>
    private static readonly TimeSpan TellerStop = TimeSpan.FromSeconds(2);

    private bool _closed;

    /// <summary>Opens the ledger and brings it up to date. After a failure it may be called again; once it is open it does nothing.</summary>
    /// <exception cref="LedgerTooNewException">A newer agent has written the ledger: exit code 78.</exception>
    /// <exception cref="Microsoft.Data.Sqlite.SqliteException">Its disk or file does not let it.</exception>
    public void Open() => ledger.Open();

    /// <summary>Opens the ledger if it is not yet, takes up what was left, and lets work run. Called once.</summary>
    /// <exception cref="LedgerBrokenException">What was left can't be read: to start again would meet the same.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        Open();
        try
        {
            await TakeUpAsync(cancellationToken);
        }
        catch (SqliteException e) when (LedgerCheck.IsDamage(e))
        {
            throw ledger.Broken(e);
        }

        outbox.Start();
        records.Start();
        teller.Start();
        lanes.Open();
        doubts.Start();
    }

    /// <summary>
    /// Stops taking work up; waits for what runs; at the limit ends what may run again and goes on waiting for what may not;
    /// publishes what is left of the time; closes the ledger. In a hurry it does not wait for the limit.
    /// </summary>
    /// <param name="limit">For all of it, except work that must finish.</param>
    /// <param name="cancellationToken">Cuts it short: what must finish is left running, for the next start to find.</param>
    public async Task DrainAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var idle = lanes.StopAsync();

        // Before a ledger that can't commit they would wait as long as that lasts, and the stop with them.
        running.WithdrawStarts();
        var looking = doubts.StopAsync();
        await EndsAsync(Task.WhenAny(idle, pace.Soft), limit, cancellationToken);
        if (!idle.IsCompleted)
        {
            await EndRunsAsync(idle, cancellationToken);
        }

        var rest = pace.Cold.IsCompleted ? TimeSpan.Zero : limit - time.GetElapsedTime(began);
        rest = rest > options.Value.ShortestFlush ? rest : options.Value.ShortestFlush;
        var recorded = StopRecordsAsync(rest, cancellationToken);
        var published = outbox.WhenEmptyAsync();
        if (!await EndsAsync(pace.Cold.IsCompleted ? published : Task.WhenAny(published, pace.Cold), rest, cancellationToken)
            || !published.IsCompleted)
        {
            LogUnpublished(outbox.Depth);
        }

        await recorded;
        await EndsAsync(looking, rest, cancellationToken);
        await CloseAsync();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task TakeUpAsync(CancellationToken cancellationToken)
    {
        lanes.Build((_, _, id) => executor.RunAsync(id), recovery.RecoverLate);
        await pauses.LoadAsync(cancellationToken);
        await holds.LoadAsync(cancellationToken);
        await recovery.RunAsync(cancellationToken);
        lanes.FoundHeld(held.All);
    }

    /// <summary>Ends what may run again and waits for the rest; once it is cold, ends more and waits for no more.</summary>
    private async Task EndRunsAsync(Task idle, CancellationToken cancellationToken)
    {
        if (!pace.Cold.IsCompleted)
        {
            LogEnding(running.EndForDrain());
            await SettledAsync(Task.WhenAny(Task.WhenAll(running.DrainedAsync(), idle), pace.Cold), running.AnyRuns, cancellationToken);
        }

        if (pace.Cold.IsCompleted && !idle.IsCompleted)
        {
            var ended = running.DrainedAsync(cold: true);
            LogEnding(running.EndForDrain(cold: true));
            await SettledAsync(ended, () => running.AnyEndableRuns(cold: true), cancellationToken);
            LogLeft(running.Count);
        }
    }

    /// <summary>
    /// What the monitor does not take now is sent by the next start. What it is just being told is waited for a little longer: it may
    /// have taken it already, and would get it twice.
    /// </summary>
    private async Task StopRecordsAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var flush = limit < RecordsFlush ? limit : RecordsFlush;

        await EndsAsync(RecordedAsync(cancellationToken), flush, cancellationToken);
        var left = limit - time.GetElapsedTime(began);
        await records.StopAsync(left > TimeSpan.Zero ? left : TimeSpan.Zero, cancellationToken);
    }

    /// <summary>Completes when all records are sent; one that was posted a moment ago, as that of a shutdown, counts once it is committed.</summary>
    private async Task RecordedAsync(CancellationToken cancellationToken)
    {
        if (ledger.CanCommit)
        {
            await ledger.Writer.DoAsync(new BarrierOperation(), cancellationToken);
        }

        await records.WhenEmptyAsync();
    }

    /// <summary>
    /// Waits for runs to end, and to be settled as long as the ledger can settle them: when it can't, what has ended is settled by the
    /// next start, and the stop must not wait for a disk.
    /// </summary>
    private async Task SettledAsync(Task ended, Func<bool> anyRuns, CancellationToken cancellationToken)
    {
        for (var idle = 0; !await EndsAsync(ended, BetweenLooks, cancellationToken);)
        {
            idle = ledger.CanCommit || anyRuns() ? 0 : idle + 1;
            if (idle == LooksBeforeGivingUp || cancellationToken.IsCancellationRequested)
            {
                LogUnsettled(ledger.LastError);
                return;
            }
        }
    }

    private async Task CloseAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _ = lanes.StopAsync();
        _ = doubts.StopAsync();
        await EndsAsync(teller.StopAsync(), TellerStop, CancellationToken.None);
        await records.StopAsync(TimeSpan.Zero, CancellationToken.None);
        await outbox.StopAsync();
        ledger.Dispose();
    }

    /// <summary>True if it ended within the limit; false at the limit or when the wait was cut short.</summary>
    private async Task<bool> EndsAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return task.IsCompleted;
        }
    }
}
