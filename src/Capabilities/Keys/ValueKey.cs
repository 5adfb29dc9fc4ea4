using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>A value of one of some types, by the names that JSON Schema has for them.</summary>
internal sealed class ValueKey(string name, string description, params string[] types) : Key(name, description)
{
    /// <summary>The form of a string; null: any.</summary>
    public string? Pattern { get; init; }

    protected override void Describe(JsonObject schema)
    {
        schema["type"] = types is [var only] ? only : new JsonArray([.. types.Select(static t => JsonValue.Create(t))]);
        if (Pattern is not null)
        {
            schema["pattern"] = Pattern;
        }

        if (types.Contains("array"))
        {
            schema["items"] = new JsonObject { ["type"] = "string" };
        }
    }
}
