using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>What recovery asks about runs that a former agent on the same state began.</summary>
internal interface IReattach
{
    /// <summary>Living processes that carry the mark of any attempt at a request, oldest first.</summary>
    Task<IReadOnlyList<MarkedProcess>> FindLivingAsync(RequestId requestId, CancellationToken cancellationToken);

    /// <summary>
    /// Waits for a run that was begun before, under its plan's limits counted from its own start, and says how it ended. Null if
    /// neither the process nor its <c>result.json</c> can tell: then nothing was ended, and the run is in doubt.
    /// </summary>
    /// <param name="context">The attempt that was running.</param>
    /// <param name="process">What the former agent recorded of it.</param>
    /// <param name="cancellationToken">Ends the run's whole tree, as for a run of our own.</param>
    Task<RunResult?> ReattachAsync(RunContext context, RunningProcess process, CancellationToken cancellationToken);
}
