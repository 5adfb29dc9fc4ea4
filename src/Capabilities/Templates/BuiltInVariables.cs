namespace OpsAgent.Capabilities.Templates;

/// <summary>The variables that templates have beside a message's fields. No field may have such a name.</summary>
public static class BuiltInVariables
{
    /// <summary>The root of marker paths, <c>SWF_TMP_DIR</c>.</summary>
    public const string Tmp = "tmp";

    /// <summary>Why the run failed.</summary>
    public const string Reason = "reason";

    /// <summary>Failed runs of the doer, this one included, as its failure marker counts them.</summary>
    public const string Attempts = "attempts";

    /// <summary>The outcome's spelling.</summary>
    public const string Outcome = "outcome";

    /// <summary>The doer's exit code.</summary>
    public const string ExitCode = "exit_code";

    /// <summary>The doer's trimmed stdout, its last 4,096 characters.</summary>
    public const string Stdout = "stdout";

    /// <summary>The first line of the doer's stdout that is not blank, trimmed.</summary>
    public const string FirstLine = "first_line";

    /// <summary>The last line of the doer's stdout that is not blank, trimmed.</summary>
    public const string LastLine = "last_line";

    /// <summary>The capability's time limit in whole seconds.</summary>
    public const string TimeoutSeconds = "timeout_s";

    /// <summary>The run's length in whole milliseconds.</summary>
    public const string DurationMs = "duration_ms";

    /// <summary>The request's id.</summary>
    public const string RequestId = "request_id";

    /// <summary>When the agent took the request in: ISO 8601, UTC, with milliseconds.</summary>
    public const string ReceivedAt = "received_at";

    /// <summary>What there is beside the fields before a run begins: for the doer's arguments.</summary>
    public static IReadOnlyList<string> OfRequests { get; } = [ReceivedAt];

    /// <summary>What holds a doer's output, and so may be read as JSON.</summary>
    public static IReadOnlyList<string> OfOutput { get; } = [Stdout, FirstLine, LastLine];

    /// <summary>What a run's end has to tell: for events, records and reasons.</summary>
    public static IReadOnlyList<string> OfRuns { get; } =
        [Reason, Attempts, Outcome, ExitCode, .. OfOutput, TimeoutSeconds, DurationMs, RequestId];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<string> All { get; } = [.. OfRuns, .. OfRequests, Tmp];
}
