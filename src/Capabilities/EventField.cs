using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Templates;

namespace OpsAgent.Capabilities;

/// <summary>A field of an event or record: a template, or a fixed value.</summary>
public sealed class EventField
{
    private readonly JsonValue? _literal;

    internal EventField(string key, Template template)
    {
        Key = key;
        Template = template;
    }

    internal EventField(string key, JsonValue literal)
    {
        Key = key;
        _literal = literal;
    }

    /// <summary>Its name in the JSON object.</summary>
    public string Key { get; }

    /// <summary>Null for a fixed value.</summary>
    public Template? Template { get; }

    /// <summary>What the manifest says, for people to read.</summary>
    public override string ToString() => $"{Key} = {Template?.Source ?? _literal!.ToJsonString()}";

    internal JsonNode? Render(RunVariables variables) => Template is null ? _literal!.DeepClone() : variables.ToJson(Template);
}
