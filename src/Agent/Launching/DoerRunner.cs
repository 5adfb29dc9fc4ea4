using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Launching.Cgroups;

namespace OpsAgent.Agent.Launching;

/// <summary>
/// Runs doers as processes on this host. A run is over when its doer has ended and nothing is left of what it started: what a
/// doer leaves running behind a normal exit belongs to its tree, and is ended as it would be at a time limit.
/// </summary>
internal sealed partial class DoerRunner(
    IOptions<LaunchingOptions> options,
    DoerLauncher launcher,
    WorkFolders folders,
    ExitWatcher watcher,
    DoerCgroups cgroups,
    ITreeEnder ender,
    ILogger<DoerRunner> logger,
    TimeProvider time) : IWorkRunner, IReattach
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(3);
    private static readonly TimeSpan LongestFilling = TimeSpan.FromSeconds(5);
    private const int MostLooks = 200;
    private const int MostLooksAtSandbox = 50;

    /// <inheritdoc/>
    public bool Runs(RunPlan plan) => plan is DoerPlan;

    /// <inheritdoc/>
    public async Task<RunResult> RunAsync(RunContext context, CancellationToken cancellationToken)
    {
        var plan = (DoerPlan)context.Plan;
        if (cancellationToken.IsCancellationRequested)
        {
            return RunResult.NotRun(Outcome.Cancelled, FailureReason.Of(EndCause.Cancelled, plan.Timeout));
        }

        using var scope = BeginScope(context);
        var mark = DoerMark.Of(options.Value.StateId, context);
        if (context.IsLookUp)
        {
            // One that a former agent began: two at a time would be in each other's way.
            await ender.EndAsync(ProcessTree.OfMark(mark, cgroups.OfRun(context)), leaderExited: null, options.Value.LeftoverGrace);
        }

        var start = time.GetTimestamp();
        using var doer = launcher.TryStart(context, plan, out var reason);
        if (doer is null)
        {
            return RunResult.NotRun(Outcome.Error, reason);
        }

        var process = doer.Process;
        context.Started?.Invoke(
            new RunningProcess(process.Pid, process.StartTime, BootClock.Id, doer.Program.RealPath, doer.Program.Hash));
        LogStarted(doer.Program.Name, process.Pid);
        var tree = ProcessTree.OfChild(mark, process, doer.Cgroup);
        var end = await WaitAsync(process, tree, doer.Output, plan, plan.Timeout, cancellationToken);
        return IsRefusedBySandbox(plan, end, doer.Output)
            ? RunResult.NotRun(Outcome.Error, LogText.CleanReason(doer.Output.OnlyErrorLine))
            : end.ToResult(plan, doer.Output.Stdout, doer.Output.BestErrorLine, time.GetElapsedTime(start));
    }

    /// <inheritdoc/>
    public async Task<LeftoverReport> EndLeftoversAsync(RequestId requestId, CancellationToken cancellationToken)
    {
        var held = cgroups.OfRequest(requestId);
        if ((await FindLivingAsync(requestId, cancellationToken)).Count == 0 && !held.Any(static c => c.IsPopulated))
        {
            return default;
        }

        var tree = ProcessTree.OfMark(DoerMark.OfAnyAttempt(options.Value.StateId, requestId), held);
        var report = await ender.EndAsync(tree, leaderExited: null, options.Value.LeftoverGrace);
        cgroups.Remove(held);
        LogEnded(requestId.Value, report.Ended, report.Survivors);
        return new LeftoverReport(report.Ended, report.Survivors);
    }

    /// <inheritdoc/>
    public bool MayHaveActed(RunContext context)
    {
        // Without its folder the file tells nothing.
        var folder = folders.PathOf(context);
        return context.Plan is not DoerPlan { PointOfNoReturn: { } file } || !Directory.Exists(folder) || Has(folder, file);

        static bool Has(string folder, string file)
        {
            try
            {
                return BeneathFolder.Has(folder, file);
            }
            catch (IOException)
            {
                // Not known, so it may have.
                return true;
            }
        }
    }

    /// <inheritdoc/>
    public void Forget(RequestId requestId, int attempts)
    {
        if (!folders.Remove(requestId, attempts))
        {
            LogFolderLeft(requestId.Value);
        }
    }

    /// <inheritdoc/>
    public void ForgetAllBut(IReadOnlySet<RequestId> begun)
    {
        cgroups.EndAllBut(begun.Contains);
        try
        {
            if (folders.RemoveAllBut(begun.Contains) is > 0 and var removed)
            {
                LogFoldersRemoved(removed);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // What stays takes room and no more; the next run that needs a folder there tells if it can't be made.
            LogFoldersUnread(e);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<MarkedProcess>> FindLivingAsync(RequestId requestId, CancellationToken cancellationToken)
    {
        // Looked at until two looks in a row agree and miss nobody who is in the middle of execve.
        List<MarkedProcess>? before = null;
        for (var looks = 1; ; looks++)
        {
            var found = FindOnce(requestId, out var undetermined);
            if (looks == MostLooks || (!undetermined && before is not null && before.SequenceEqual(found)))
            {
                return found;
            }

            before = found;
            await Task.Delay(BetweenLooks, time, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<RunResult?> ReattachAsync(RunContext context, RunningProcess process, CancellationToken cancellationToken)
    {
        var plan = (DoerPlan)context.Plan;
        var folder = folders.PathOf(context.RequestId, context.Attempt);
        using var scope = BeginScope(context);
        using var found = process.BootId == BootClock.Id ? DoerProcess.OfForeign(watcher, process.Pid, process.StartTime) : null;
        using var output = launcher.Follow(context, folder, Path.GetFileName(process.Program));
        var held = cgroups.OfRun(context, found?.Pid ?? 0);
        var mark = DoerMark.Of(options.Value.StateId, context);
        if (found is null)
        {
            var left = Read(folder);
            var report = left is null ? null : await EndLeftAsync(ProcessTree.OfMark(mark, held), plan.Grace);
            await FinishAsync(output);
            return left is null ? null : Told(plan, left, output, new RunEnd(EndCause.None, default, report), TimeSpan.Zero);
        }

        LogReattached(process.Pid, process.StartTime);
        var age = BootClock.Since(process.StartTime);
        var limit = plan.Timeout < TimeSpan.Zero ? plan.Timeout : TimeSpan.FromTicks(Math.Max(0, (plan.Timeout - age).Ticks));

        // Behind pipes that broke with the former agent it can't be heard, so its silence says nothing.
        var audible = plan.Capture == CaptureMode.Files ? plan : plan with { IdleTimeout = null };
        var tree = ProcessTree.OfForeign(mark, found, held);
        var end = await WaitAsync(found, tree, output, audible, limit, cancellationToken);
        cgroups.Remove(held);
        var duration = BootClock.Since(process.StartTime);
        return Read(folder) is { } result ? Told(plan, result, output, end, duration)
            : end.Cause == EndCause.None ? null
            : end.ToResult(plan, output.Stdout, output.BestErrorLine, duration);
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken)
    {
        var marked = await FindLivingAsync(context.RequestId, cancellationToken);
        var held = cgroups.OfRun(context).SelectMany(static c => c.Pids());
        return [.. marked.Where(p => p.Attempt == context.Attempt).Select(static p => p.Pid).Union(held).Order()];
    }

    // The doer has told how it ended, and what it has left is ended as behind any doer. Null if that was nothing.
    private async Task<EndReport?> EndLeftAsync(ProcessTree tree, TimeSpan grace)
    {
        var report = await ender.EndAsync(tree, leaderExited: null, grace);
        cgroups.Remove(tree.Cgroups);
        if (report is { Ended: 0, Survivors: 0 })
        {
            return null;
        }

        LogLeftEnded(report.Ended, report.Survivors);
        return report;
    }

    /// <summary>bubblewrap ends with 1 where it can't set up, in a line of its own; no doer ran then, whatever its exit codes mean.</summary>
    private static bool IsRefusedBySandbox(DoerPlan plan, RunEnd end, DoerOutput output) =>
        plan.Sandbox is not null && end is { Cause: EndCause.None, Status.Code: 1 } && output.Stdout.Length == 0
        && output.OnlyErrorLine.StartsWith("bwrap: ", StringComparison.Ordinal);

    private DoerResult? Read(string folder) =>
        DoerResult.TryRead(folder) is { } result ? result with { Result = options.Value.Redactor.Text(result.Result) } : null;

    private static RunResult Told(DoerPlan plan, DoerResult result, DoerOutput output, RunEnd end, TimeSpan duration)
    {
        var told = end with { Status = new ExitStatus(result.ExitCode, null) };
        var stdout = result.Result.Length > 0 ? result.Result : output.Stdout;
        return told.ToResult(plan, stdout, output.BestErrorLine, duration);
    }

    private async Task<RunEnd> WaitAsync(
        DoerProcess process, ProcessTree tree, DoerOutput output, DoerPlan plan, TimeSpan limit, CancellationToken cancellationToken)
    {
        var cause = EndCause.None;
        using (var limits = new RunLimits(time, limit, plan.IdleTimeout, () => output.LastByte, cancellationToken))
        {
            await Task.WhenAny(process.Exited, limits.Reached);
            cause = process.Exited.IsCompleted ? EndCause.None : await limits.Reached;
        }

        if (cause == EndCause.None && plan.Sandbox is not null)
        {
            await SandboxGoneAsync(tree);
        }

        EndReport? report = null;
        if (cause != EndCause.None || await HasLeftoversAsync(tree))
        {
            await FilledAsync(tree);
            report = await ender.EndAsync(tree, process.Exited, plan.Grace);
            if (cause == EndCause.None && report is { Ended: 0, Survivors: 0 })
            {
                report = null;
            }
            else
            {
                LogTreeEnded(process.Pid, report.Value.Ended, report.Value.Survivors);
            }
        }

        FailPoints.Pass(Boundary.Exited);
        await FinishAsync(output);
        var status = await StatusAsync(process, report);
        return new RunEnd(cause, plan.Sandbox is null ? status : status.Passed, report);
    }

    // The first process of its pid namespace ends a moment after the doer; that is no leftover.
    private async Task SandboxGoneAsync(ProcessTree tree)
    {
        for (var looks = 0; looks < MostLooksAtSandbox && tree.HoldsGroup && MayHaveLeftovers(tree, out _); looks++)
        {
            await Task.Delay(BetweenLooks, time, CancellationToken.None);
        }
    }

    // Nothing of the tree runs any more, so its end was told or is about to be; a survivor may never end.
    private async Task<ExitStatus> StatusAsync(DoerProcess process, EndReport? report)
    {
        if (!process.Exited.IsCompleted && report is { Survivors: > 0 })
        {
            using var waiting = new CancellationTokenSource();
            await Task.WhenAny(process.Exited, Task.Delay(options.Value.ReadOnLimit, time, waiting.Token));
            await waiting.CancelAsync();
            return process.Exited.IsCompleted ? await process.Exited : ExitStatus.Unknown;
        }

        return await process.Exited;
    }

    private static bool MayHaveLeftovers(ProcessTree tree, out bool others)
    {
        others = false;
        try
        {
            return !tree.HoldsGroup || tree.MayHaveLeftovers(out others);
        }
        catch (IOException)
        {
            // Not known, so it may; ending looks again, and takes its time over it.
            return true;
        }
    }

    // Where nobody is orphaned nothing is left, and a doer that was too fast for its cgroup is not held up by it.
    private async Task<bool> HasLeftoversAsync(ProcessTree tree)
    {
        if (MayHaveLeftovers(tree, out var others))
        {
            return true;
        }

        if (!others || tree.Cgroups.Count == 0)
        {
            return false;
        }

        await FilledAsync(tree);
        try
        {
            return tree.IsHeld();
        }
        catch (IOException)
        {
            return true;
        }
    }

    private async Task FilledAsync(ProcessTree tree)
    {
        var filled = Task.WhenAll(tree.Cgroups.Select(static c => c.Filled));
        if (!filled.IsCompleted)
        {
            using var waiting = new CancellationTokenSource();
            await Task.WhenAny(filled, Task.Delay(LongestFilling, time, waiting.Token));
            await waiting.CancelAsync();
        }
    }

    private List<MarkedProcess> FindOnce(RequestId requestId, out bool undetermined)
    {
        var mark = DoerMark.OfAnyAttempt(options.Value.StateId, requestId);
        var found = new List<MarkedProcess>();
        undetermined = false;
        foreach (var process in ProcessTable.Read())
        {
            var finding = ProcEnvironment.Find(process, mark, out var attempt);
            undetermined |= finding == MarkFinding.Undetermined;
            if (finding == MarkFinding.Present)
            {
                found.Add(new MarkedProcess(process.Pid, process.StartTime, process.Session, attempt));
            }
        }

        found.Sort(static (a, b) => a.StartTime.CompareTo(b.StartTime));
        return found;
    }

    private async Task FinishAsync(DoerOutput output)
    {
        if (!await output.FinishAsync(options.Value.ReadOnLimit))
        {
            LogOutputUnread();
        }
    }

    private IDisposable? BeginScope(RunContext context) => logger.BeginScope(
        new KeyValuePair<string, object>[] { new("RequestId", context.RequestId.Value), new("Attempt", context.Attempt) });
}
