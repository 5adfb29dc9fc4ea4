using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>One of some words.</summary>
internal sealed class WordKey(string name, string description, params string[] words) : Key(name, description)
{
    public IReadOnlyList<string> Words => words;

    /// <summary>What holds when it is absent; null: what the description says.</summary>
    public string? Otherwise { get; init; }

    protected override void Describe(JsonObject schema)
    {
        schema["enum"] = new JsonArray([.. words.Select(static w => JsonValue.Create(w))]);
        if (Otherwise is not null)
        {
            schema["default"] = Otherwise;
        }
    }
}
