using OpsAgent.Abstractions;

namespace OpsAgent.Capabilities;

/// <summary>A capability as people list it.</summary>
public sealed record CapabilitySummary
{
    /// <summary>Its <c>msg_type</c>.</summary>
    public required string Name { get; init; }

    /// <summary>One line.</summary>
    public required string Description { get; init; }

    /// <summary>The lane that it runs in.</summary>
    public required string Lane { get; init; }

    /// <summary>The doer and its arguments as the manifest has them, optional ones in brackets.</summary>
    public required IReadOnlyList<string> Doer { get; init; }

    /// <summary>Its time limit.</summary>
    public required TimeSpan Timeout { get; init; }

    /// <summary>Its age limit; null: none.</summary>
    public TimeSpan? MaxAge { get; init; }

    /// <summary>The template that names its work; null: none.</summary>
    public string? DedupKey { get; init; }

    /// <summary>rerun or report.</summary>
    public required string Recovery { get; init; }

    /// <summary>Who may ask; null: anybody.</summary>
    public IReadOnlyList<string>? Senders { get; init; }

    /// <summary>True if a signature is needed.</summary>
    public bool Signed { get; init; }

    /// <summary>Names of the credentials that it is lent.</summary>
    public required IReadOnlyList<string> Credentials { get; init; }

    /// <summary>Its message's fields.</summary>
    public required IReadOnlyList<FieldSummary> Fields { get; init; }

    /// <summary>The types of the events for each outcome, by the outcome's spelling.</summary>
    public required IReadOnlyDictionary<string, IReadOnlyList<string>> Events { get; init; }

    internal static CapabilitySummary Of(CapabilityDefinition definition) => new()
    {
        Name = definition.MsgType.Value,
        Description = definition.Description,
        Lane = definition.Lane.Value,
        Doer =
        [
            definition.Doer.Program,
            .. definition.Doer.Arguments.Select(static a => a.Source),
            .. definition.Doer.Flags.Select(static f => $"[{f.Argument}]"),
            .. definition.Doer.Optional.Select(static o => $"[{o.Argument.Source}]"),
        ],
        Timeout = definition.Timeout,
        MaxAge = definition.MaxAge,
        DedupKey = definition.DedupKey?.Source,
        Recovery = definition.Recovery.ToString().ToLowerInvariant(),
        Senders = definition.Senders.Senders,
        Signed = definition.Senders.Signed,
        Credentials = [.. definition.Credentials.Select(static c => c.Name)],
        Fields =
        [
            .. definition.Fields.Select(static f => new FieldSummary(f.Name, f.Type.ToString(), f.Required, f.Default?.Text)),
        ],
        Events = definition.Events.ToDictionary(
            static e => e.Key.ToWire(),
            static IReadOnlyList<string> (e) => [.. e.Value.Select(static d => d.MsgType.Value)]),
    };
}

/// <summary>A field as people list it.</summary>
/// <param name="Name">Its name in the message.</param>
/// <param name="Type">Its type and limits, for example <c>text(200)</c>.</param>
/// <param name="Required">True if a request without it is refused.</param>
/// <param name="Default">Its value when it is missing; null: none.</param>
public sealed record FieldSummary(string Name, string Type, bool Required, string? Default);
