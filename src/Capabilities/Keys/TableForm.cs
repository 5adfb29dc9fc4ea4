using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>What a table of the manifest may hold.</summary>
internal sealed class TableForm
{
    /// <summary>The keys that have a name.</summary>
    public IReadOnlyList<Key> Keys { get; init; } = [];

    /// <summary>What keys of any other name hold; null: there are none.</summary>
    public Key? Others { get; init; }

    /// <summary>The form of those names, of <see cref="Patterns"/>; null: any.</summary>
    public string? OtherNames { get; init; }

    /// <summary>Names that are refused all the same.</summary>
    public IReadOnlyList<string> NotNames { get; init; } = [];

    /// <summary>Adds what the keys ask of each other; null: nothing.</summary>
    public Action<JsonObject>? Rules { get; init; }

    /// <summary>True if the reader may ask for a key of this name.</summary>
    public bool Takes(string name) => Others is not null || Keys.Any(k => k.Name == name);

    /// <summary>Writes the same into a schema.</summary>
    public void Describe(JsonObject schema)
    {
        schema["type"] = "object";
        var properties = new JsonObject(Keys.Select(static k => KeyValuePair.Create(k.Name, (JsonNode?)k.ToSchema())));
        foreach (var name in NotNames)
        {
            // Not by propertyNames: editors would mark the whole table.
            properties[name] = false;
        }

        if (properties.Count > 0)
        {
            schema["properties"] = properties;
        }

        if (Keys.Any(static k => k.Required))
        {
            schema["required"] = new JsonArray([.. Keys.Where(static k => k.Required).Select(static k => JsonValue.Create(k.Name))]);
        }

        if (Others is not null && OtherNames is not null)
        {
            schema["patternProperties"] = new JsonObject { [OtherNames] = Others.ToSchema() };
        }

        schema["additionalProperties"] = Others is not null && OtherNames is null ? Others.ToSchema() : false;
        Rules?.Invoke(schema);
    }
}
