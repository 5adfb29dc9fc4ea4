using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What only an operator can decide: how a doubt ended, and that work is to run again.</summary>
internal interface IWorkDecisions
{
    /// <summary>Ends a doubt with what an operator has found out.</summary>
    /// <param name="id">The request.</param>
    /// <param name="outcome">ok, error, unrecorded or unverified.</param>
    /// <param name="output">What its doer would have printed, for its events: a submission's task id. May be empty.</param>
    /// <param name="reason">Why, in the operator's words; may be empty.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="cancellationToken">Gives it up while its doer's hold is being let go.</param>
    /// <exception cref="Ledger.LedgerStalledException">The ledger can't store it now: it is done once it can.</exception>
    Task<Decision> SettleAsync(RequestId id, Outcome outcome, string output, string reason, string by, CancellationToken cancellationToken);

    /// <summary>Makes a new request of one that has ended: the same body, another id.</summary>
    /// <param name="id">The request that has ended.</param>
    /// <param name="by">Who decides.</param>
    /// <param name="cancellationToken">Withdraws it while it is not committed.</param>
    Task<Decision> RetryAsync(RequestId id, string by, CancellationToken cancellationToken);
}

/// <summary>The answer to a decision.</summary>
/// <param name="Kind">Whether it was carried out.</param>
/// <param name="Text">Done: the new request, or the outcome; else why it was not carried out.</param>
internal readonly record struct Decision(DecisionKind Kind, string Text);

/// <summary>Whether a decision was carried out.</summary>
internal enum DecisionKind
{
    /// <summary>It was.</summary>
    Done = 0,

    /// <summary>There is no such request.</summary>
    NotFound = 1,

    /// <summary>The request's state speaks against it.</summary>
    Refused = 2,
}
