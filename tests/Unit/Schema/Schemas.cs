using System.Text.Json.Nodes;
using OpsAgent.Agent.Hosting;
using OpsAgent.Capabilities;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Schema;

/// <summary>The schemas that editors use, and what the readers say beside them.</summary>
internal static class Schemas
{
    /// <summary>The whole file.</summary>
    public static readonly JsonSchema File = new(JsonNode.Parse(ConfigurationSchema.Text())!.AsObject());

    /// <summary>The manifest's tables alone: those of others are left alone, as the manifest's reader leaves them.</summary>
    public static readonly JsonSchema Manifest = new(JsonNode.Parse(
        new JsonObject { ["properties"] = new JsonObject(ManifestSchema.Tables().Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value))) }
            .ToJsonString())!.AsObject());

    /// <summary>Mistakes that no schema can tell, by a part of the reader's message.</summary>
    private static readonly string[] OnlyTheReader =
    [
        // One part of the file against another.
        "there is no [", "there is no such field", "unknown variable {", "has no value here", "may be missing", "no event says so",
        "is no flag", "is a flag", "only a list can be sorted", "must not be below min",
        // What a value would become.
        "could become an option", "a message would name the option", "no safe path segment", "stands at the beginning only", "\"{tmp}//", "\"{tmp}/../", "\"{tmp}/{id}/\"",
        "is no regular expression", "can't hold a NUL", "counts as missing", "fields.f.default: must be", "default = \"b\"",
        // Patterns that take a secret or a credential with them, two keys that the monitor takes for a heartbeat, the environment's own values.
        ", the agent's own secret at the broker", "lend it by name", "takes X509_USER_PROXY", "takes ACTIVEMQ_", "for a heartbeat", "in the environment must be",
        // JSON has no infinity and JSON Schema no largest span; Python's '$' lets a line break at the very end pass (JavaScript's does not).
        "id = inf", "grace = \"8d\"", "rate_limit = \"10/8d\"", "[\"a\\n\"]",
    ];

    /// <summary>True if the schema can't know of the mistake.</summary>
    public static bool IsOnlyTheReaders(string message) => OnlyTheReader.Any(m => message.Contains(m, StringComparison.Ordinal));

    /// <summary>Whatever the reader takes, the schema takes too.</summary>
    public static void TakesWhatTheReaderTakes(string text, ManifestReading reading)
    {
        if (reading.Manifest is not null)
        {
            Assert.Empty(Manifest.Errors(TomlDocument.Parse(text, "m.toml")));
        }
    }
}
