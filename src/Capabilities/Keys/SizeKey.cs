using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>A number of bytes: <c>"512MiB"</c>.</summary>
internal sealed class SizeKey(string name, string description, long min) : Key(name, description)
{
    /// <summary>The least that is taken, in bytes: that is the reader's to say.</summary>
    public long Min => min;

    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["pattern"] = Patterns.Size;
    }
}
