using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>What is known of an ended, refused or cancelled run when its events are rendered.</summary>
public sealed record RunFacts
{
    /// <summary>Which request it was.</summary>
    public required RequestId RequestId { get; init; }

    /// <summary>How it ended, as the runner says.</summary>
    public required RunResult Result { get; init; }

    /// <summary>Why it failed, as the events shall say it; empty for ok.</summary>
    public string Reason { get; init; } = "";

    /// <summary>Runs of the doer that failed so far, this one included; null if nobody counts them.</summary>
    public int? Attempts { get; init; }
}
