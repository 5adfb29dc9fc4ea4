using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>
/// A key of the manifest. The reader takes what it says, and the schema that editors use is made of the same, so that neither
/// knows a key, a limit or a word that the other does not.
/// </summary>
internal abstract class Key(string name, string description)
{
    /// <summary>As the file spells it; <see cref="Any"/> where the name is free.</summary>
    public string Name => name;

    /// <summary>What it is, with its unit and what holds without it: editors show this.</summary>
    public string Description => description;

    /// <summary>True if a table without it is refused.</summary>
    public bool Required { get; init; }

    /// <summary>Stands for a name that the author of the file gives.</summary>
    public const string Any = "NAME";

    public static implicit operator string(Key key) => key.Name;

    /// <summary>The schema of its value.</summary>
    public JsonObject ToSchema()
    {
        var schema = new JsonObject { ["description"] = Description };
        Describe(schema);
        return schema;
    }

    /// <summary>Adds what the value must be.</summary>
    protected abstract void Describe(JsonObject schema);
}
