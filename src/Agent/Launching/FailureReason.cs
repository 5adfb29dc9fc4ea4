namespace OpsAgent.Agent.Launching;

/// <summary>Why a run did not end well, in one line; the wording is what the facility's people and pages know.</summary>
internal static class FailureReason
{
    /// <summary>The reason of a doer that ended by itself.</summary>
    /// <param name="status">How it ended.</param>
    /// <param name="bestLine">The line of its stderr that says most; empty if it printed none.</param>
    public static string Of(ExitStatus status, string bestLine) => status switch
    {
        { Signal: { } signal } => $"killed by signal {SignalNames.Of(signal)}",
        { Code: { } code } when string.IsNullOrWhiteSpace(bestLine) => $"rc={code}",
        { Code: not null } => LogText.CleanReason(bestLine),
        _ => "ended, its exit code is not known",
    };

    /// <summary>The reason of a doer that was ended.</summary>
    public static string Of(EndCause cause, TimeSpan limit) => cause switch
    {
        EndCause.TimedOut => $"timed out after {limit.TotalSeconds:0.###}s",
        EndCause.Silent => $"silent for {limit.TotalSeconds:0.###}s",
        EndCause.Cancelled => "cancelled",
        _ => "",
    };
}
