using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>So many in so long: <c>"10/1m"</c>.</summary>
internal sealed class RateKey(string name, string description) : Key(name, description)
{
    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "string";
        schema["pattern"] = Patterns.Rate;
    }
}
