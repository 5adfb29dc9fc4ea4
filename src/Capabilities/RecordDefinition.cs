using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>The action record that the monitor keeps of each request of a capability.</summary>
public sealed record RecordDefinition
{
    /// <summary>The action's name, for example <c>payload_log_fetch</c>.</summary>
    public required string Action { get; init; }

    /// <summary>What kind of thing it was done to, for example <c>panda_job</c>; null: no subject.</summary>
    public string? SubjectType { get; init; }

    /// <summary>Which one.</summary>
    public Template? SubjectKey { get; init; }

    /// <summary>Who asked; null: whoever the message names. Empty: nobody, see <see cref="HasNoUser"/>.</summary>
    public Template? Username { get; init; }

    /// <summary>True if its records name no user, whatever the request says.</summary>
    public bool HasNoUser => Username is { Source.Length: 0 };

    /// <summary>low, normal or high.</summary>
    public string Sublevel { get; init; } = "normal";

    /// <summary>Shown on the live page unless somebody asks otherwise.</summary>
    public bool LiveDefault { get; init; }

    /// <summary>The outcomes that leave a record; empty: all that have one.</summary>
    public IReadOnlyList<Outcome> Outcomes { get; init; } = [];

    /// <summary>Further fields of the record.</summary>
    public IReadOnlyList<EventField> Extra { get; init; } = [];
}
