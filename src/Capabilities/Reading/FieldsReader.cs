using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads the <c>fields</c> of a capability.</summary>
internal static class FieldsReader
{
    private const int LongestName = 64;

    /// <summary>Names that the envelope reads, which thus can't be a capability's own.</summary>
    private static readonly string[] OfEnvelope = ["msg_type", "namespace", "reply_to"];

    public static FieldScope Read(TableReader? table)
    {
        var fields = new Dictionary<string, FieldDefinition?>(StringComparer.Ordinal);
        foreach (var name in table?.Keys ?? [])
        {
            fields[name] = table!.Table(name) is { } field && IsNameFree(table, name) ? ReadOne(field, name) : null;
        }

        return new FieldScope(fields);
    }

    private static bool IsNameFree(TableReader table, string name)
    {
        var problem = !Names.IsIdentifier(name, LongestName)
            ? $"is no field name: a letter or '_', then letters, digits and '_', at most {LongestName}"
            : BuiltInVariables.All.Contains(name) ? $"is the name of a variable that every template has: {{{name}}}"
            : OfEnvelope.Contains(name) ? "is read from every message by the agent itself"
            : null;
        if (problem is not null)
        {
            table.ReportKey(name, problem);
        }

        return problem is null;
    }

    private static FieldDefinition? ReadOne(TableReader table, string name)
    {
        var type = FieldTypeReader.Read(table);
        var required = table.Boolean("required") ?? false;
        var node = table.Find("default");
        table.RefuseOthers();
        if (type is null)
        {
            return null;
        }

        if (type is FlagType && (required || node is not null))
        {
            table.Report(required ? "required" : "default", "means nothing for a flag: one that is missing is false");
            return null;
        }

        if (node is null)
        {
            return new FieldDefinition(name, type, required, null);
        }

        if (required)
        {
            table.Report("default", "is never used: the field is required");
        }

        var element = ToJson(node);
        if (type.IsMissing(element, required: false))
        {
            table.Report("default", "counts as missing itself: leave it out");
            return null;
        }

        if (type.TryRead(element, out var value, out var problem))
        {
            return new FieldDefinition(name, type, required, value);
        }

        table.Report("default", problem);
        return null;
    }

    private static JsonElement ToJson(TomlNode node) => JsonSerializer.SerializeToElement(node switch
    {
        TomlString text => JsonValue.Create(text.Value),
        TomlInteger number => JsonValue.Create(number.Value),
        TomlBoolean boolean => JsonValue.Create(boolean.Value),
        TomlArray array => new JsonArray([.. array.OfType<TomlString>().Select(static s => JsonValue.Create(s.Value))]),
        _ => (JsonNode?)null,
    });
}
