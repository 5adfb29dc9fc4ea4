using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>Text with <c>{name}</c> in it.</summary>
internal sealed class TemplateKey(string name, string description) : TextKey(name, description)
{
    /// <summary>The variable that it must begin with, and a '/' after it; null: none.</summary>
    public string? Root { get; init; }

    /// <summary>True if an empty text is a value of its own.</summary>
    public bool MayBeEmpty { get; init; }

    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["pattern"] = Root is not null ? Patterns.TemplateBelow(Root) : MayBeEmpty ? Patterns.TemplateOrEmpty : Patterns.Template;
    }
}
