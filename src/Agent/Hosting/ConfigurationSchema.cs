using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The configuration file as a JSON Schema, made of the settings and of the manifest's keys. Draft 7: editors' TOML support knows
/// it whole.
/// </summary>
internal static class ConfigurationSchema
{
    private static readonly JsonSerializerOptions Layout = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        // It is a file of its own, never part of a page: quotes and apostrophes stay readable.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>The schema as <c>agents/prodops.schema.json</c> holds it.</summary>
    public static string Text() => Make().ToJsonString(Layout) + "\n";

    private static JsonObject Make() => new()
    {
        ["$schema"] = "http://json-schema.org/draft-07/schema#",
        ["title"] = "Configuration of the production operations agent",
        ["description"] = "The agent's settings and its capabilities. Made by opsagent --print-schema.",
        ["type"] = "object",
        ["properties"] = new JsonObject(
            AgentSettings.Tables.Select(static t => KeyValuePair.Create(t.Key, (JsonNode?)Table(t.Key, t.Value))).Concat(
                ManifestSchema.Tables().Select(static t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value)))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Table(string name, string description) => new JsonObject
    {
        ["description"] = description,
        ["type"] = "object",
        ["properties"] = new JsonObject(
            AgentSettings.All.Where(s => s.Table == name).Select(static s => KeyValuePair.Create(s.Name, (JsonNode?)Value(s)))),
        ["additionalProperties"] = false,
    };

    private static JsonObject Value(Setting setting)
    {
        var schema = new JsonObject { ["description"] = Description(setting) };
        setting.Form.Describe(schema);
        if (setting.WhenUnset is null)
        {
            schema["default"] = Default(setting);
        }

        return schema;
    }

    private static string Description(Setting setting)
    {
        var text = $"{char.ToUpperInvariant(setting.Description[0])}{setting.Description[1..]}.";
        return setting.Environment is null ? text : $"{text} {setting.Environment} in the environment wins over it.";
    }

    private static JsonNode Default(Setting setting) =>
        long.TryParse(setting.Default, out var number) ? number : bool.TryParse(setting.Default, out var truth) ? truth : setting.Default;
}
