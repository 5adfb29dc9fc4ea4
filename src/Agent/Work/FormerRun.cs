using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>
/// A run that an earlier agent began and whose request is not valid any more, or whose type is gone: it is followed to its end by what
/// holds for every doer.
/// </summary>
internal static class FormerRun
{
    /// <summary>The limit of such a run, from its start: its own is not known any more.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromHours(1);

    /// <summary>What is known of what was run. Without its point of no return it may have had its effect.</summary>
    public static RunPlan PlanOf(StoredWork row) => new DoerPlan { Program = row.Process?.Program ?? "", Timeout = Limit };

    /// <summary>
    /// What its end means without a table of its own: 0 and 75 mean the same of every doer. What else it says only its capability could
    /// have told.
    /// </summary>
    /// <param name="result">How it ended.</param>
    /// <param name="reason">Why its request is not valid any more.</param>
    public static RunResult Tell(RunResult result, string reason) =>
        result is { Outcome: Outcome.Ok } or { Outcome: Outcome.Error, ExitCode: Executor.TryAgain }
            ? result
            : result with
            {
                Outcome = Outcome.Unknown,
                Reason = $"not known whether it was done: its doer ended ({result.Reason}), and its request is no longer valid: {reason}",
            };
}
