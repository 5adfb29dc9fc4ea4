using System.Text.Json.Nodes;

namespace OpsAgent.Tests.EndToEnd.FullManifest;

/// <summary>One request of a type of the facility, as its present senders send it, and what must come of it.</summary>
/// <param name="Type">Its msg_type.</param>
/// <param name="Fields">Its other fields, JSON.</param>
/// <param name="Arguments">What the script must be given, after the interpreter; a line each.</param>
internal sealed record FullCase(string Type, string Fields, params string[] Arguments)
{
    /// <summary>What the script prints.</summary>
    public string Prints { get; init; } = "";

    /// <summary>What it ends with.</summary>
    public int ExitCode { get; init; }

    /// <summary>How the request must be settled.</summary>
    public string Outcome { get; init; } = "ok";

    /// <summary>The event without the fields that the agent adds to all; null: none.</summary>
    public string? Event { get; init; }

    /// <summary>The record's extra_data but for duration_ms; null: no record.</summary>
    public string? Record { get; init; }

    /// <summary>The same script failing: its last line is the reason.</summary>
    public FullCase Failing(string? failedEvent, string? record, int exitCode = 1, string outcome = "error") =>
        this with { ExitCode = exitCode, Outcome = outcome, Prints = "", Event = failedEvent, Record = record };

    /// <summary>The request's body.</summary>
    public string Body(string requestId)
    {
        var body = JsonNode.Parse(Fields)!.AsObject();
        body["msg_type"] = Type;
        body["namespace"] = "prodops";
        body["request_id"] = requestId;
        return body.ToJsonString();
    }

    public override string ToString() => $"{Type} {Fields} -> {Outcome}";
}
