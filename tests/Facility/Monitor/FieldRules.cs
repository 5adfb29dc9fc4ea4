using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsAgent.Tests.Facility.Monitor;

/// <summary>What the monitor's tables ask of fields.</summary>
internal static class FieldRules
{
    private const int MaxText = 100;

    private static readonly string[] LogTexts =
        ["app_name", "instance_name", "timestamp", "levelname", "message", "module", "funcname"];

    private static readonly string[] LogNumbers = ["level", "lineno", "process", "thread"];

    public static JsonObject Error(string field, string message) => new() { [field] = new JsonArray(message) };

    /// <summary>Null if every field of a heartbeat fits its column.</summary>
    public static JsonObject? TooLong(JsonObject beat)
    {
        foreach (var (key, value) in beat)
        {
            var max = key switch { "agent_type" => 20, "status" => 10, "description" => int.MaxValue, _ => MaxText };
            if (value is JsonValue text && text.TryGetValue<string>(out var s) && s.Length > max)
            {
                return Error(key, $"Ensure this field has no more than {max} characters.");
            }
        }

        return null;
    }

    /// <summary>Null if a log row has all its fields, each of its type.</summary>
    public static JsonObject? OfLogs(JsonObject row)
    {
        var errors = new JsonObject();
        foreach (var field in LogTexts.Where(f => row[f]?.GetValueKind() != JsonValueKind.String || ((string)row[f]!).Length == 0))
        {
            errors[field] = new JsonArray(row[field] is null ? "This field is required." : "Not a valid string.");
        }

        foreach (var field in LogNumbers.Where(f => row[f]?.GetValueKind() != JsonValueKind.Number))
        {
            errors[field] = new JsonArray(row[field] is null ? "This field is required." : "A valid integer is required.");
        }

        if (errors["timestamp"] is null && !DateTimeOffset.TryParse((string)row["timestamp"]!, out _))
        {
            errors["timestamp"] = new JsonArray("Datetime has wrong format.");
        }

        return errors.Count > 0 ? errors : null;
    }
}
