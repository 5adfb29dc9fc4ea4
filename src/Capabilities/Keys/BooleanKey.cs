using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary><c>true</c> or <c>false</c>, which is what holds when it is absent.</summary>
internal sealed class BooleanKey(string name, string description) : Key(name, description)
{
    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "boolean";
        schema["default"] = false;
    }
}
