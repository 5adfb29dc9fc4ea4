using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Reading;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>[[capability.NAME.on.OUTCOME]]</c>.</summary>
internal static class EventKeys
{
    /// <summary>Set by the agent on every event, so a capability's own value would be lost.</summary>
    public static readonly IReadOnlyList<string> OfAgent = ["sender", "namespace", "event_id", "request_id"];

    public static readonly TextKey MsgType = new("msg_type", "The event's type: fixed text, no template.")
    {
        Required = true,
        Pattern = Patterns.Identifier(Names.LongestMsgType),
    };

    /// <summary>A field of an event or of a record.</summary>
    public static readonly ValueKey Value = new(
        Key.Any,
        "A field: a template, a number, true or false. Templates may name the request's fields and {reason}, {outcome}, {exit_code}, "
        + "{stdout}, {first_line}, {last_line}, {attempts} (with failure_marker), {timeout_s}, {duration_ms} and {request_id}.",
        "string", "number", "boolean")
    {
        Pattern = Patterns.TemplateOrEmpty,
    };

    public static readonly TableKey When = new(
        "when",
        "Published only if these fields of the request have one of these values: { operation = [\"pause\", \"resume\"] }. Default: always.",
        new TableForm { Others = new TextsKey(Key.Any, "The values of this field that are meant.") });

    public static readonly TableForm Form = new() { Keys = [MsgType, When], Others = Value, NotNames = OfAgent };

    /// <summary>The outcomes that have events, each with what is published for it.</summary>
    public static readonly IReadOnlyDictionary<Outcome, TableKey> ByOutcome = new Dictionary<Outcome, TableKey>
    {
        [Outcome.Ok] = On(Outcome.Ok, "Published when a run ends well."),
        [Outcome.Error] = On(
            Outcome.Error, "Published when a run fails; also for a timeout, a refusal and a cancellation that have no events of their own."),
        [Outcome.Timeout] = On(Outcome.Timeout, "Published when a run was ended at its limit."),
        [Outcome.Unrecorded] = On(Outcome.Unrecorded, "Published when the work was done, but the facility's record of it could not be written."),
        [Outcome.Unverified] = On(Outcome.Unverified, "Published when the facility took the work, but its effect was not seen in time."),
        [Outcome.Unknown] = On(Outcome.Unknown, "Published when it is in doubt whether the work was done."),
        [Outcome.Rejected] = On(Outcome.Rejected, "Published when a request is refused before it runs."),
        [Outcome.Cancelled] = On(Outcome.Cancelled, "Published when somebody cancelled the request."),
    };

    public static readonly TableForm OnForm = new() { Keys = [.. ByOutcome.Values] };

    private static TableKey On(Outcome outcome, string description) =>
        new(outcome.ToWire(), $"{description} An empty array says that there is none.", Form) { IsArray = true };
}
