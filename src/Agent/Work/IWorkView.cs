using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What can be seen of work, and the one change an operator may make through it. Reads never stall the writer.</summary>
internal interface IWorkView
{
    /// <summary>Counts kept in memory: safe on the path of a pong.</summary>
    WorkCounts Counts { get; }

    /// <summary>Each lane's counts, in the order of their names; kept in memory.</summary>
    IReadOnlyList<LaneCounts> Lanes { get; }

    /// <summary>Rows, newest first.</summary>
    /// <param name="state">queued, starting, running, doubt or settled; null: all.</param>
    /// <param name="msgType">Only of this type; null: all.</param>
    /// <param name="sender">Only of this sender, as rows name it; null: all.</param>
    /// <param name="limit">At most so many, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the read.</param>
    Task<IReadOnlyList<WorkRow>> ListAsync(string? state, string? msgType, string? sender, int limit, CancellationToken cancellationToken);

    /// <summary>True while the agent has a run of it: what has begun and is not tracked waits to be recovered.</summary>
    bool IsTracked(RequestId id);

    /// <summary>One row; null if the ledger has none of that id.</summary>
    Task<WorkRow?> FindAsync(RequestId id, CancellationToken cancellationToken);

    /// <summary>
    /// Cancels: what is queued is settled at once, what runs is ended with its whole tree first.
    /// </summary>
    /// <param name="id">The request.</param>
    /// <param name="force">
    /// Also what is never started twice and may have had its effect already: then it is in doubt, unless its doer can still tell.
    /// </param>
    /// <param name="by">Who asked for it, for the reason: "cancelled by ...".</param>
    /// <param name="cancellationToken">Ends the wait, not the cancellation.</param>
    /// <exception cref="Ledger.LedgerStalledException">No doer has to end, and the ledger can't store it now: it is done once it can.</exception>
    Task<CancelAnswer> CancelAsync(RequestId id, bool force, string by, CancellationToken cancellationToken);
}

/// <summary>The answer to a cancel.</summary>
internal enum CancelAnswer
{
    /// <summary>No such request.</summary>
    NotFound = 0,

    /// <summary>It had ended already.</summary>
    AlreadySettled = 1,

    /// <summary>Settled as cancelled, or being ended.</summary>
    Cancelled = 2,

    /// <summary>It may have had an effect already and is never to be started twice: only force ends it.</summary>
    Refused = 3,

    /// <summary>It was ended, and whether it was done is not known.</summary>
    InDoubt = 4,

    /// <summary>It is in doubt: nothing of it runs, and an operator must settle it.</summary>
    Doubtful = 5,

    /// <summary>It had begun, nothing is known to run of it, and it waits to be recovered: nothing was changed.</summary>
    Unrecovered = 6,

    /// <summary>The agent goes down before it has taken up what was left: nothing was changed.</summary>
    GoingDown = 7,
}
