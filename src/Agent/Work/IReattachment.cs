using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>Finds out how work ended that must never be started twice and that the agent has lost sight of.</summary>
internal interface IReattachment
{
    /// <summary>Waits for a doer that still lives, or reads what it has left.</summary>
    /// <param name="context">The attempt as it was started.</param>
    /// <param name="process">Its process; null if the agent went away before it knew it, and then only the mark can tell.</param>
    /// <param name="cancellationToken">Ends the wait, not the doer.</param>
    /// <returns>How it ended; null if nobody can tell.</returns>
    Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken);

    /// <summary>Pids of what lives of it still, where its doer can't tell any more.</summary>
    Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken);

    /// <summary>True if the host was not started anew since: what a doer had written then may be lost.</summary>
    bool IsOfThisBoot(RunningProcess process);
}

/// <summary>The answer where nothing else can look: nobody can tell.</summary>
internal sealed class NoReattachment : IReattachment
{
    public Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken) =>
        Task.FromResult<RunResult?>(null);

    public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<int>>([]);

    public bool IsOfThisBoot(RunningProcess process) => false;
}
