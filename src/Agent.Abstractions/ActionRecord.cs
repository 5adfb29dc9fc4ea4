using System.Text.Json.Nodes;

namespace OpsAgent.Abstractions;

/// <summary>What the monitor's action log shall say of an ended request. Outcome, reason and duration are added by the agent.</summary>
public sealed record ActionRecord
{
    /// <summary>The action's name, for example <c>payload_log_fetch</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What kind of thing it was done to, for example <c>panda_job</c>; null: no subject.</summary>
    public string? SubjectType { get; init; }

    /// <summary>Which one; null or empty: not said.</summary>
    public string? SubjectKey { get; init; }

    /// <summary>Who asked; null: whoever the message names; empty: nobody is named.</summary>
    public string? Username { get; init; }

    /// <summary>low, normal or high. A record of high is never dropped silently.</summary>
    public string Sublevel { get; init; } = "normal";

    /// <summary>Shown on the live page unless somebody asks otherwise.</summary>
    public bool LiveDefault { get; init; }

    /// <summary>The reason as records word it; null: the conclusion's.</summary>
    public string? Reason { get; init; }

    /// <summary>Further fields. One that has the name of a field of every record is left out.</summary>
    public JsonObject Extra { get; init; } = [];
}
