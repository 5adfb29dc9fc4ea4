using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Events;

/// <summary>What is published of an ended request: one for each delivery that was accepted or refused.</summary>
internal sealed record Settlement
{
    /// <summary>The longest reason that is published or stored, in characters.</summary>
    public const int MaxReason = LogText.LongestReason;

    public required string RequestId { get; init; }

    public required string RequestType { get; init; }

    public required Outcome Outcome { get; init; }

    public string Reason { get; init; } = "";

    public string? DuplicateOf { get; init; }

    public string? RetryOf { get; init; }

    public long DurationMs { get; init; }

    /// <summary>Given when a tree of processes had to be ended.</summary>
    public int? Survivors { get; init; }

    public string? RequestedBy { get; init; }

    /// <summary>Settlements of refusals that were not published since the last one that was.</summary>
    public int Suppressed { get; init; }
}
