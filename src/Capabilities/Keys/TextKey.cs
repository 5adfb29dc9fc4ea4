using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>A string that is not empty.</summary>
internal class TextKey(string name, string description) : Key(name, description)
{
    /// <summary>The form that it must have, of <see cref="Patterns"/>; null: any.</summary>
    public string? Pattern { get; init; }

    /// <summary>Texts of that form that are refused all the same.</summary>
    public IReadOnlyList<string> Not { get; init; } = [];

    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        if (Pattern is null)
        {
            schema["minLength"] = 1;
        }
        else
        {
            schema["pattern"] = Pattern;
        }

        if (Not.Count > 0)
        {
            schema["not"] = new JsonObject { ["enum"] = new JsonArray([.. Not.Select(static t => JsonValue.Create(t))]) };
        }
    }
}
