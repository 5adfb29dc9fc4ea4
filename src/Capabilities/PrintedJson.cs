using System.Text.Json;
using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities;

/// <summary>What a doer printed, read as JSON. Its text is a stranger's: what is no JSON has no value, and throws nothing.</summary>
internal static class PrintedJson
{
    // Events are small: each becomes a database row and goes to every open page.
    private const int MaxLength = 16 * 1024;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32 };

    /// <summary>The value, or one member of the object that it is; null if it is not there, no JSON, or too long.</summary>
    public static JsonNode? Read(ReadOnlySpan<char> text, string member)
    {
        if (text.Length > MaxLength)
        {
            return null;
        }

        try
        {
            var value = JsonNode.Parse(text.ToString(), documentOptions: Strict);
            return member.Length == 0 ? value : (value as JsonObject)?[member]?.DeepClone();
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            return null; // ArgumentException: a name that an object has twice
        }
    }

    /// <summary>As text stands in a template: a string's own text, anything else as compact JSON.</summary>
    public static string? Text(JsonNode? value) => value switch
    {
        null => null,
        JsonValue single when single.TryGetValue<string>(out var text) => text,
        _ => value.ToJsonString(),
    };
}
