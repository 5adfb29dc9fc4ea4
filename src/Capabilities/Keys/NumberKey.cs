using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>A whole number within limits.</summary>
internal sealed class NumberKey(string name, string description, long min, long max) : Key(name, description)
{
    public long Min => min;

    public long Max => max;

    /// <summary>What holds when it is absent; null: nothing, or what the description says.</summary>
    public long? Otherwise { get; init; }

    protected override void Describe(JsonObject schema)
    {
        schema["type"] = "integer";
        if ((min, max) != (long.MinValue, long.MaxValue))
        {
            schema["minimum"] = min;
            schema["maximum"] = max;
        }

        if (Otherwise is { } value)
        {
            schema["default"] = value;
        }
    }
}
