using OpsAgent.OpsCtl.Door;

namespace OpsAgent.OpsCtl.Work;

/// <summary>Where requests are looked up: a running agent, or its ledger file while none runs.</summary>
internal interface IWorkSource : IDisposable
{
    /// <summary><c>agent</c> or <c>ledger</c>, as -o json names it.</summary>
    string Name { get; }

    /// <summary>Newest first.</summary>
    Task<IReadOnlyList<WorkItem>> ListAsync(WorkFilter filter, CancellationToken cancellationToken);

    /// <exception cref="OpsCtlException">There is none of this id (exit 1).</exception>
    Task<WorkItem> ShowAsync(string id, CancellationToken cancellationToken);

    /// <summary>Why a request is where it is.</summary>
    /// <param name="id">The request.</param>
    /// <param name="now">The moment, where no agent runs that has a clock of its own.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="OpsCtlException">There is none of this id (exit 1).</exception>
    Task<WorkWhy> WhyAsync(string id, DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>What is listed; null: all.</summary>
internal sealed record WorkFilter(string? State, string? MsgType, int Limit, string? Sender = null);
