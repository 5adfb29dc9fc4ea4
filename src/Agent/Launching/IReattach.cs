using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>What recovery asks about runs that a former agent on the same state began.</summary>
internal interface IReattach
{
    /// <summary>Living processes that carry the mark of any attempt at a request, oldest first.</summary>
    Task<IReadOnlyList<MarkedProcess>> FindLivingAsync(RequestId requestId, CancellationToken cancellationToken);

    /// <summary>Pids of what lives of one attempt, by its mark or its cgroup.</summary>
    Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for a run that was begun before, under its plan's limits counted from its own start, and says how it ended. Of one whose doer
    /// is gone and has told its end, what it left running is ended. Null if neither the process nor its <c>result.json</c> can tell: then
    /// the run is in doubt. If its doer was gone already, nothing was ended: what it left may be just what can tell.
    /// </summary>
    /// <param name="context">The attempt that was running.</param>
    /// <param name="process">What the former agent recorded of it.</param>
    /// <param name="cancellationToken">Ends the run's whole tree, as for a run of our own.</param>
    Task<RunResult?> ReattachAsync(RunContext context, RunningProcess process, CancellationToken cancellationToken);
}
