using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Texts in JSON that others wrote.</summary>
internal static class JsonText
{
    /// <summary>The text; empty if it is missing or no text.</summary>
    public static string Of(JsonObject entry, string name) =>
        entry[name] is JsonValue value && value.TryGetValue<string>(out var text) ? text : "";
}
