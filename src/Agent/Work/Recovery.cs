using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>
/// Takes up what an earlier run of the agent has left. Before the queue is subscribed, so that nothing new is mixed with it.
/// </summary>
internal sealed partial class Recovery(
    WorkLedger ledger,
    LaneBoard lanes,
    HandlerCall handlers,
    Settler settler,
    Executor executor,
    IEnumerable<IWorkRunner> runners,
    IReattachment reattachment,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<Recovery> logger)
{
    /// <summary>From a recovery that failed to the next try.</summary>
    public static readonly TimeSpan TryAgain = TimeSpan.FromMinutes(1);

    private const int AtOnce = 4;
    private const int PageSize = 256;
    private const int MostNamed = 5;

    private readonly IWorkRunner[] _runners = [.. runners];
    private readonly ConcurrentQueue<long> _failed = [];
    private readonly ConcurrentQueue<Action> _reattachments = [];
    private int _turns;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        lanes.CountDoubt(ledger.Reader.InDoubt());
        var begun = ledger.Reader.Begun().Select(id => ledger.Reader.Load(id)!).ToList();
        // What is in doubt keeps its traces: they are all that a later look has to go by.
        var ids = begun.Select(row => row.RequestId).Concat(ledger.Reader.Doubtful()).ToHashSet();
        Array.ForEach(_runners, r => r.ForgetAllBut(ids));
        var failed = new ConcurrentQueue<long>();
        await Parallel.ForEachAsync(
            begun,
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (row, token) =>
            {
                if (!await TryRecoverAsync(row, isLate: false, token))
                {
                    failed.Enqueue(row.Id);
                }
            });
        await TakeUpWaitingAsync();

        // Only now: what is queued again after this is counted by nobody else.
        while (_reattachments.TryDequeue(out var reattach))
        {
            reattach();
        }

        foreach (var id in failed)
        {
            RecoverLate(id);
        }
    }

    /// <summary>Recovers a request while the agent runs: once a pause until it can be. For what failed, or was left by a run that did.</summary>
    public void RecoverLate(long id)
    {
        _failed.Enqueue(id);
        if (Interlocked.Increment(ref _turns) == 1)
        {
            _ = GoOnAsync();
        }
    }

    private async Task GoOnAsync()
    {
        for (var seen = 1; seen > 0;)
        {
            // All that was told so far is in the queue; what is told from here on counts anew.
            seen = Volatile.Read(ref _turns);
            await Task.Delay(TryAgain, time);
            for (var left = _failed.Count; left > 0 && !lanes.IsStopped && _failed.TryDequeue(out var id); left--)
            {
                if (!await TryGoOnAsync(id))
                {
                    _failed.Enqueue(id);
                }
            }

            if (lanes.IsStopped)
            {
                return;
            }

            seen = _failed.IsEmpty ? Interlocked.Add(ref _turns, -seen) : seen;
        }
    }

    private async Task<bool> TryGoOnAsync(long id)
    {
        try
        {
            switch (ledger.Reader.Load(id))
            {
                case { State: WorkState.Starting or WorkState.Running } begun:
                    return await TryRecoverAsync(begun, isLate: true, CancellationToken.None);
                case { State: WorkState.Queued } queued:
                    // Its run failed before anything of it began.
                    LogOfferedAgain(queued.MsgType, queued.RequestId);
                    lanes.OfferAgain(queued.Lane, queued.MsgType, new QueuedId(id, queued.ReceivedAt.ToUnixTimeMilliseconds()));
                    return true;
                default:
                    return true;
            }
        }
        catch (Exception e)
        {
            // It can't be read now: the disk, or the agent is going down.
            return e is ObjectDisposedException;
        }
    }

    private async Task<bool> TryRecoverAsync(StoredWork row, bool isLate, CancellationToken cancellationToken)
    {
        try
        {
            await RecoverAsync(row, isLate, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            // One request must not keep the agent from starting. It stays as it is, and its key is held, until the next try.
            LogRecoveryFailed(e, row.MsgType, row.RequestId);
            return false;
        }
    }

    private async Task RecoverAsync(StoredWork row, bool isLate, CancellationToken cancellationToken)
    {
        var message = row.ToMessage();
        var (request, reason) = handlers.Ask(message);
        if (row.Recovery == RecoveryPolicy.Report || request?.Recovery == RecoveryPolicy.Report)
        {
            // What it was started as counts, and so does what it is today: the stricter of both holds.
            row = row with { Recovery = RecoveryPolicy.Report };
            LogReport(row.MsgType, row.RequestId, row.State.ToName());
            Action reattach = () => lanes.Occupy(
                row.Lane,
                row.MsgType,
                row.Id,
                () => executor.TrackAsync(row, work => ReattachAsync(row, isLate, message, request, reason, work)));
            if (isLate)
            {
                reattach();
            }
            else
            {
                _reattachments.Enqueue(reattach);
            }

            return;
        }

        await EndLeftoversAsync(row, cancellationToken);
        if (request is null)
        {
            await settler.SettleBegunAsync(
                row, message, RunResult.NotRun(Outcome.Error, $"no longer valid: {reason}"), cancellationToken);
        }
        else if (row.Unended >= options.Value.MaxUnendedStarts)
        {
            LogParked(row.MsgType, row.RequestId, row.Unended);
            var parked = RunResult.NotRun(Outcome.Error, $"parked: the agent went down during each of its last {row.Unended} starts");
            await settler.SettleBegunAsync(row, message, parked, cancellationToken);
        }
        else
        {
            LogRerun(row.MsgType, row.RequestId, row.State.ToName());
            var isQueued = await ledger.Writer.DoAsync(
                new RequeueOperation(row.Id, row.MsgType.Value, RequeueCause.Crash, null), cancellationToken);
            if (isQueued && isLate)
            {
                lanes.Requeued(row.Lane, row.MsgType, new QueuedId(row.Id, row.ReceivedAt.ToUnixTimeMilliseconds()));
            }
        }
    }

    private async Task EndLeftoversAsync(StoredWork row, CancellationToken cancellationToken)
    {
        foreach (var runner in _runners)
        {
            var report = await runner.EndLeftoversAsync(row.RequestId, cancellationToken);
            if (report.Ended > 0 || report.Survivors > 0)
            {
                LogLeftovers(row.RequestId, report.Ended, report.Survivors);
            }
        }
    }

    private async Task<Outcome?> ReattachAsync(
        StoredWork row, bool isLate, OpsMessage message, WorkRequest? request, string reason, RunningWork work)
    {
        work.Describe(RecoveryPolicy.Report, DrainPolicy.Finish);
        work.HasBegun = true;
        var context = executor.ContextOf(row, request?.Plan ?? FormerRun.PlanOf(row));
        if (executor.RunnerOf(context.Plan) is { } runner)
        {
            work.Watch(() => runner.MayHaveActed(context));
        }

        var (result, found, looked) = await LookAsync(row, context, work.Token);
        var toldNothing = result is null && looked;
        if (toldNothing && !work.MayHaveActed)
        {
            // Nothing was done so far, and what has outlived its doer must not do it after this is said.
            await EndLeftoversAsync(row, CancellationToken.None);
        }

        if (request is null)
        {
            result = result is null ? null : FormerRun.Tell(result, reason);
            found = $"{found}; its request is no longer valid: {reason}";
        }

        // Only once nothing of it lives any more: what still runs may yet act. Over a start of the host a file's absence tells
        // nothing; a doer whose process was not even noted can't have come that far.
        var mayHaveActed = !looked || work.MayHaveActed || (row.Process is { } process && !reattachment.IsOfThisBoot(process));
        var when = $"the agent {(isLate ? "lost it" : "went down")} while it was {row.State.ToName()}";
        result ??= mayHaveActed
            ? new RunResult { Outcome = Outcome.Unknown, Reason = $"not known whether it was done: {when}, {found}", Ran = true }
            : new RunResult { Outcome = Outcome.Error, Reason = $"nothing was done: {when}, and its doer did not get that far", Ran = true };

        // A doer that may still live is not looked up at once: its look-ups are for what is over.
        var outcome = await executor.EndAsync(row, message, looked && mayHaveActed ? request : null, result, work);
        if (toldNothing && outcome is not (null or Outcome.Unknown))
        {
            await EndLeftoversAsync(row, CancellationToken.None);
        }

        return outcome;
    }

    private async Task<(RunResult? Result, string Found, bool Looked)> LookAsync(
        StoredWork row, RunContext context, CancellationToken cancellationToken)
    {
        try
        {
            if (await reattachment.ReattachAsync(context, row.Process, cancellationToken) is { } result)
            {
                return (result, "", true);
            }

            var living = await reattachment.LivingAsync(context, cancellationToken);
            var found = living.Count == 0
                ? "and nothing of it was found"
                : $"its doer is gone, and of what that started pid {string.Join(", ", living.Take(MostNamed))} still lives";
            return (null, found, true);
        }
        catch (Exception e)
        {
            // Whatever went wrong, it can't be told; and what can't be told is in doubt.
            LogReattachFailed(e, row.MsgType, row.RequestId);
            return (null, $"and the look at it failed: {e.Message}", false);
        }
    }

    /// <summary>Fills the lanes, which the manifest of today may have given another shape.</summary>
    private async Task TakeUpWaitingAsync()
    {
        var today = new Dictionary<MsgType, WorkRequest>();
        foreach (var group in ledger.Reader.Waiting())
        {
            if (FirstValid(group) is not { } request)
            {
                continue;
            }

            today[group.MsgType] = request;
            if (request.Lane != group.Lane)
            {
                await ledger.Writer.DoAsync(new RelaneOperation(group.MsgType.Value, group.Lane.Value, request.Lane.Value));
            }
        }

        lanes.Fill(ledger.Reader.Waiting().Select(group => (group, today.GetValueOrDefault(group.MsgType)?.MaxParallel ?? 1)));
    }

    /// <summary>What the oldest request of a group asks for that is valid today: one that is not says nothing of the others.</summary>
    private WorkRequest? FirstValid(WaitingGroup group)
    {
        for (var (after, page) = (group.First - 1, 1); handlers.Takes(group.MsgType); page = PageSize)
        {
            var ids = ledger.Reader.Page(group.Lane, group.MsgType, after, page);
            foreach (var id in ids)
            {
                if (ledger.Reader.Load(id.Id) is { } row && handlers.Ask(row.ToMessage()).Work is { } request)
                {
                    return request;
                }

                after = id.Id;
            }

            if (ids.Count < page)
            {
                return null;
            }
        }

        return null;
    }
}
