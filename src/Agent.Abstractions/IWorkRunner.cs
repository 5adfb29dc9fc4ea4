namespace OpsAgent.Abstractions;

/// <summary>Runs plans of one kind. Process on this host today; batch systems later.</summary>
public interface IWorkRunner
{
    /// <summary>True if this runner runs plans of that kind.</summary>
    bool Runs(RunPlan plan);

    /// <summary>
    /// Runs a plan to its end: returns only when nothing of it is left, or what is left is counted in
    /// <see cref="RunResult.Survivors"/>. A plan that can't be started gives <see cref="Outcome.Error"/>, no exception.
    /// Cancelling ends the run's whole tree and gives <see cref="Outcome.Cancelled"/>.
    /// </summary>
    Task<RunResult> RunAsync(RunContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Ends whatever an earlier agent on the same state left of any attempt at this request, found by its mark. Returns how
    /// many processes were ended and how many could not be.
    /// </summary>
    Task<LeftoverReport> EndLeftoversAsync(RequestId requestId, CancellationToken cancellationToken);

    /// <summary>False if it is certain that an attempt, which was started, has had no effect so far.</summary>
    bool MayHaveActed(RunContext context);

    /// <summary>The request is settled: what was kept of its attempts for a restart to read may go. Does not throw.</summary>
    /// <param name="requestId">The request.</param>
    /// <param name="attempts">How often it was started.</param>
    void Forget(RequestId requestId, int attempts);

    /// <summary>At start: what is kept of requests other than these may go, since nobody will ask for it. Does not throw.</summary>
    void ForgetAllBut(IReadOnlySet<RequestId> begun);
}

/// <summary>What was found of a former agent's run.</summary>
/// <param name="Ended">Processes that were ended.</param>
/// <param name="Survivors">Processes that could not be ended.</param>
public readonly record struct LeftoverReport(int Ended, int Survivors);
