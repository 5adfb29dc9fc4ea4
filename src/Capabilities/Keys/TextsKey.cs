using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>An array of strings, none of them empty.</summary>
internal sealed class TextsKey(string name, string description) : Key(name, description)
{
    /// <summary>The form of each item; null: any.</summary>
    public string? Pattern { get; init; }

    /// <summary>The form of the first item, if it is another; then there must be one.</summary>
    public string? FirstPattern { get; init; }

    /// <summary>True if an array that is there must hold something.</summary>
    public bool NotEmpty { get; init; }

    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "array";
        if (FirstPattern is null)
        {
            schema["items"] = Item(Pattern);
        }
        else
        {
            schema["items"] = new JsonArray(Item(FirstPattern));
            schema["additionalItems"] = Item(Pattern);
        }

        if (Required || NotEmpty)
        {
            schema["minItems"] = 1;
        }
    }

    private static JsonObject Item(string? pattern) =>
        pattern is null
            ? new JsonObject { ["type"] = "string", ["minLength"] = 1 }
            : new JsonObject { ["type"] = "string", ["minLength"] = 1, ["pattern"] = pattern };
}
