using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Launching;

/// <summary>How a run was over, before it is told as a result.</summary>
/// <param name="Cause">Why it was ended, if it was.</param>
/// <param name="Status">How its leader ended.</param>
/// <param name="Report">What became of its tree, if one had to be ended.</param>
internal readonly record struct RunEnd(EndCause Cause, ExitStatus Status, EndReport? Report)
{
    /// <summary>Tells it as a result.</summary>
    public RunResult ToResult(DoerPlan plan, string stdout, string bestErrorLine, TimeSpan duration)
    {
        var outcome = Cause switch
        {
            EndCause.TimedOut or EndCause.Silent => Outcome.Timeout,
            EndCause.Cancelled => Outcome.Cancelled,
            _ => Status.Code is { } code ? OutcomeOf(plan, code) : Outcome.Error,
        };
        return new RunResult
        {
            Outcome = outcome,
            Reason = outcome == Outcome.Ok ? "" : Reason(plan, bestErrorLine),
            Ran = true,
            ExitCode = Status.Code,
            Signal = Status.Signal is { } signal ? SignalNames.Of(signal) : null,
            Stdout = stdout,
            Duration = duration,
            Survivors = Report?.Survivors,
        };
    }

    private static Outcome OutcomeOf(DoerPlan plan, int code) =>
        plan.ExitCodes.TryGetValue(code, out var named) ? named : code == 0 ? Outcome.Ok : Outcome.Error;

    private string Reason(DoerPlan plan, string bestErrorLine) => Cause switch
    {
        EndCause.None => FailureReason.Of(Status, bestErrorLine),
        EndCause.Silent => FailureReason.Of(Cause, plan.IdleTimeout ?? TimeSpan.Zero),
        _ => FailureReason.Of(Cause, plan.Timeout),
    };
}
