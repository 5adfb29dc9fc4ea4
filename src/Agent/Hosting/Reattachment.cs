using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting;

/// <summary>Lets recovery in Work ask Launching what became of a run.</summary>
internal sealed class Reattachment(IReattach launching) : IReattachment
{
    public async Task<RunResult?> ReattachAsync(RunContext context, RunningProcess? process, CancellationToken cancellationToken)
    {
        return await launching.ReattachAsync(context, process ?? await FindAsync(context, cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<int>> LivingAsync(RunContext context, CancellationToken cancellationToken) =>
        launching.LivingAsync(context, cancellationToken);

    public bool IsOfThisBoot(RunningProcess process) => process.BootId == BootClock.Id;

    /// <summary>The former agent ended between the spawn and its note of it: the mark still tells.</summary>
    private async Task<RunningProcess> FindAsync(RunContext context, CancellationToken cancellationToken)
    {
        var living = await launching.FindLivingAsync(context.RequestId, cancellationToken);
        var doer = living.FirstOrDefault(p => p.IsLeader && p.Attempt == context.Attempt);
        return new RunningProcess(doer.Pid, doer.StartTime, doer.Pid == 0 ? "" : BootClock.Id, "", "");
    }
}
