using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work.Doubt;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Takes one id from a lane through its attempt: valid still, young enough, started, run, settled.</summary>
internal sealed partial class Executor(
    WorkLedger ledger,
    LaneBoard lanes,
    HandlerCall handlers,
    Settler settler,
    RunningTable running,
    LookUps lookUps,
    StartConditions conditions,
    WorkAges ages,
    IEnumerable<IWorkRunner> runners,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<Executor> logger)
{
    /// <summary>A doer's word that nothing was done and that a later try may succeed (EX_TEMPFAIL).</summary>
    public const int TryAgain = 75;

    private readonly IWorkRunner[] _runners = [.. runners];

    /// <summary>The runner of a plan; null if none runs its kind.</summary>
    public IWorkRunner? RunnerOf(RunPlan plan) => Array.Find(_runners, r => r.Runs(plan));

    /// <summary>One turn of a lane's slot. True if it can't be started now and waits on.</summary>
    public async Task<bool> RunAsync(QueuedId id)
    {
        var row = Load(id);
        if (row is null || row.State != WorkState.Queued)
        {
            // Cancelled while it waited.
            return false;
        }

        var waits = false;
        await TrackAsync(row, async work =>
        {
            var outcome = await RunAsync(row, work);
            waits = work.Waits;
            return outcome;
        });
        return waits;
    }

    private StoredWork? Load(QueuedId id)
    {
        try
        {
            return ledger.Reader.Load(id.Id);
        }
        catch (Exception e)
        {
            throw new NotTakenUpException(e);
        }
    }

    /// <summary>Keeps an attempt on the table while it is under way.</summary>
    public async Task TrackAsync(StoredWork row, Func<RunningWork, Task<Outcome?>> attempt)
    {
        using var work = new RunningWork(row.RequestId);
        if (!running.TryAdd(work))
        {
            return;
        }

        Outcome? outcome = null;
        try
        {
            outcome = await attempt(work);
        }
        finally
        {
            running.Remove(work);
            work.SetEnded(outcome);
        }

        if (work.Again is { } again)
        {
            // Only now, since the next attempt may begin at once and needs the place on the table.
            lanes.Requeued(row.Lane, row.MsgType, again);
        }
    }

    /// <summary>Settles an ended run, or queues it again if its doer or a drain wants that. Null if it is not settled.</summary>
    /// <param name="row">The request as it was started.</param>
    /// <param name="message">The same, for its handler.</param>
    /// <param name="request">The work that it asks for; null if it is not valid any more.</param>
    /// <param name="result">How the run ended.</param>
    /// <param name="work">Its place on the table.</param>
    public async Task<Outcome?> EndAsync(StoredWork row, OpsMessage message, WorkRequest? request, RunResult result, RunningWork work)
    {
        work.IsOver = true;
        if (result.Outcome == Outcome.Cancelled && work.Drained)
        {
            await RequeueAsync(row, work, RequeueCause.Drain, null);
            return null;
        }

        if (result is { Outcome: Outcome.Error, ExitCode: TryAgain })
        {
            if (row.Retries < options.Value.MaxRetries && work.CancelledBy is null)
            {
                var notBefore = time.GetUtcNow() + options.Value.RetryDelay;
                LogTryAgain(row.MsgType, row.RequestId, notBefore, result.Reason);
                await RequeueAsync(row, work, RequeueCause.TryAgain, notBefore.ToUnixTimeMilliseconds(), OneLine.Of(result.Reason, Settlement.MaxReason));
                return null;
            }

            result = result with { Reason = $"gave up after {row.Retries + 1} tries: {result.Reason}" };
        }

        if (result.Outcome == Outcome.Cancelled && work.CancelledBy is { } by)
        {
            result = Cancelled(result, work, request?.Plan as DoerPlan, $"cancelled by {by}");
        }
        else if (work.IsReport && result is { Ran: true, ExitCode: null } && request is { LookUps.Count: > 0 } && !lanes.IsStopped)
        {
            // Before it is said to be in doubt; at a stop the next start looks.
            var finding = await lookUps.AskAsync(row, request, work.Token);
            result = finding.Result is { } found ? found with { Duration = result.Duration, Survivors = result.Survivors } : result;
        }

        return await settler.SettleBegunAsync(row, message, result, CancellationToken.None);
    }

    /// <summary>
    /// What a cancelled run comes to. One that must never be started twice and was past its point of no return is in doubt, unless its
    /// doer ended by itself with a code that tells.
    /// </summary>
    private static RunResult Cancelled(RunResult result, RunningWork work, DoerPlan? plan, string reason)
    {
        if (!work.IsReport || !result.Ran || !work.MayHaveActed)
        {
            return result with { Reason = reason };
        }

        var told = result.ExitCode is { } code
            ? plan?.ExitCodes.TryGetValue(code, out var named) == true ? named : code == 0 ? Outcome.Ok : Outcome.Unknown
            : Outcome.Unknown;
        return result with
        {
            Outcome = told,
            Reason = told == Outcome.Ok ? "" : told == Outcome.Unknown ? $"{reason} after it may have had its effect" : $"{reason}: {result.Reason}",
        };
    }

    private async Task<Outcome?> RunAsync(StoredWork row, RunningWork work)
    {
        var message = row.ToMessage();
        var (request, reason) = handlers.Ask(message);
        if (request is null)
        {
            return await settler.SettleQueuedAsync(
                row, message, RunResult.NotRun(Outcome.Error, $"no longer valid: {reason}"), CancellationToken.None);
        }

        if (Expired(row, message, request) is { } expired)
        {
            return await settler.SettleQueuedAsync(row, message, expired, CancellationToken.None);
        }

        switch (await conditions.LookAsync(row, request))
        {
            case { Waits: true }:
                // It waits without a slot, which others may want meanwhile.
                work.Waits = true;
                return null;
            case { Result: { } result }:
                if (result.Outcome == Outcome.Unknown)
                {
                    // What an attempt here has left says nothing of what was done elsewhere.
                    Array.ForEach(_runners, r => r.Forget(row.RequestId, row.Attempts));
                }

                return await settler.SettleQueuedAsync(row, message, result, CancellationToken.None);
        }

        lanes.LetGo(row.Lane, row.MsgType);
        work.Describe(request.Recovery, request.OnDrain);
        if (lanes.IsStopped)
        {
            // It stays queued, and the next start of the agent runs it.
            return null;
        }

        var start = new StartOperation(row.Id, row.MsgType.Value, request.Recovery, ledger.Now);
        try
        {
            if (!await ledger.Writer.DoAsync(start, work.StartToken))
            {
                return null;
            }
        }
        catch (OperationCanceledException) when (work.StartToken.IsCancellationRequested)
        {
            // Withdrawn by a stop, before anything of it was stored: it stays queued too.
            return null;
        }

        work.HasBegun = true;
        FailPoints.Pass(Boundary.Starting);
        lanes.Dequeued(row.Lane, row.MsgType);
        row = row with { Recovery = request.Recovery, Attempts = row.Attempts + 1 };
        var ended = await RunPlanAsync(row, request, work);
        return await EndAsync(row, message, request, ended, work);
    }

    /// <summary>An attempt as its runner sees it.</summary>
    public RunContext ContextOf(StoredWork row, RunPlan plan) => new()
    {
        RequestId = row.RequestId,
        MsgType = row.MsgType,
        Attempt = row.Attempts,
        Plan = plan,
        Started = process => ledger.Writer.Post(new RunningOperation(row.Id, row.Attempts, process)),
    };

    private async Task<RunResult> RunPlanAsync(StoredWork row, WorkRequest request, RunningWork work)
    {
        if (RunnerOf(request.Plan) is not { } runner)
        {
            return RunResult.NotRun(Outcome.Error, $"nothing here runs a {request.Plan.GetType().Name}");
        }

        var started = false;
        var context = ContextOf(row, request.Plan);
        var tell = context.Started!;
        context = context with
        {
            Started = process =>
            {
                started = true;
                tell(process);
            },
        };
        work.Watch(() => runner.MayHaveActed(context));
        try
        {
            return await runner.RunAsync(context, work.Token);
        }
        catch (Exception e)
        {
            // A runner promises not to throw. What it had started may have had its effect.
            LogRunnerFailed(e, row.MsgType, row.RequestId);
            return new RunResult
            {
                Outcome = started && work.IsReport ? Outcome.Unknown : Outcome.Error,
                Reason = $"the runner failed: {e.Message}",
                Ran = started,
            };
        }
    }

    private RunResult? Expired(StoredWork row, OpsMessage message, WorkRequest request)
    {
        // Sent after it came: a clock that is ahead, which must make nothing young for ever.
        var sent = message.SentAt is { } at && at < message.ReceivedAt ? at : message.ReceivedAt;
        var here = ages.Of(row.Id) ?? time.GetUtcNow() - message.ReceivedAt;
        var age = message.ReceivedAt - sent + here;
        return request.MaxAge is { } limit && age > limit
            ? RunResult.NotRun(
                Outcome.Rejected, $"expired after {limit.TotalSeconds:0} s: sent {age.TotalSeconds:0} s before it could start{conditions.Why(message.MsgType)}")
            : null;
    }

    private async Task RequeueAsync(StoredWork row, RunningWork work, RequeueCause cause, long? notBefore, string? reason = null)
    {
        if (await ledger.Writer.DoAsync(new RequeueOperation(row.Id, row.MsgType.Value, cause, notBefore, reason)))
        {
            work.Again = new QueuedId(row.Id, row.ReceivedAt.ToUnixTimeMilliseconds(), notBefore ?? 0);
        }
    }
}
