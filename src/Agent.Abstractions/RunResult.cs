namespace OpsAgent.Abstractions;

/// <summary>How a run ended, or why there was none.</summary>
public sealed record RunResult
{
    /// <summary>The outcome so far; the handler may refine it (a submission without an id is no success).</summary>
    public required Outcome Outcome { get; init; }

    /// <summary>Why, in one line of at most 300 characters; empty for ok.</summary>
    public string Reason { get; init; } = "";

    /// <summary>True if a doer was started in this run.</summary>
    public bool Ran { get; init; }

    /// <summary>The exit code; null if it was ended by a signal, did not run, or is not known.</summary>
    public int? ExitCode { get; init; }

    /// <summary>The signal that ended it, for example <c>SIGKILL</c>; null if none did.</summary>
    public string? Signal { get; init; }

    /// <summary>What it wrote to stdout: its last 64 KiB, as text.</summary>
    public string Stdout { get; init; } = "";

    /// <summary>From start to end; zero if it did not run.</summary>
    public TimeSpan Duration { get; init; }

    /// <summary>Processes of its tree that could not be ended; null if no tree had to be ended.</summary>
    public int? Survivors { get; init; }

    /// <summary>A result for work that never ran.</summary>
    public static RunResult NotRun(Outcome outcome, string reason) => new() { Outcome = outcome, Reason = reason };
}
