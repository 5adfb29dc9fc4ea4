using System.Text.Json.Nodes;

namespace OpsAgent.Capabilities.Keys;

/// <summary>A span of time: written, or looked up in the environment.</summary>
internal sealed class SpanKey(string name, string description) : Key(name, description)
{
    /// <summary>The environment variable that has it in whole seconds.</summary>
    public static readonly TextKey Variable =
        new("env", "The environment variable that gives the time, in whole seconds.") { Required = true };

    /// <summary>What holds when the variable is not set.</summary>
    public static readonly TextKey Written = new("default", "The time that holds when the variable is not set or empty.")
    {
        Required = true,
        Pattern = Patterns.Span,
    };

    /// <summary>The table that names an environment variable.</summary>
    public static readonly TableForm FromEnvironment = new() { Keys = [Variable, Written] };

    /// <summary>What holds when it is absent; null: what the description says.</summary>
    public TimeSpan? Otherwise { get; init; }

    protected override void Describe(JsonObject schema)
    {
        var table = new JsonObject();
        FromEnvironment.Describe(table);
        schema["anyOf"] = new JsonArray(new JsonObject { ["type"] = "string", ["pattern"] = Patterns.Span }, table);
        if (Otherwise is { } span)
        {
            schema["default"] = $"{span.TotalSeconds:0}s";
        }
    }
}
