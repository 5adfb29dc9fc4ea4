using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Capabilities.Fields;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Reads the <c>fields</c> of a capability.</summary>
internal static class FieldsReader
{
    public static FieldScope Read(TableReader? table)
    {
        var fields = new Dictionary<string, FieldDefinition?>(StringComparer.Ordinal);
        foreach (var name in table?.Keys ?? [])
        {
            fields[name] = table!.Table(name, FieldKeys.Form) is { } field && IsNameFree(table, name) ? ReadOne(field, name) : null;
        }

        return new FieldScope(fields);
    }

    private static bool IsNameFree(TableReader table, string name)
    {
        var problem = !Names.IsIdentifier(name, FieldKeys.LongestName)
            ? $"is no field name: a letter or '_', then letters, digits and '_', at most {FieldKeys.LongestName}"
            : BuiltInVariables.All.Contains(name) ? $"is the name of a variable that every template has: {{{name}}}"
            : FieldKeys.OfEnvelope.Contains(name) ? "is read from every message by the agent itself"
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
        var required = table.Boolean(FieldKeys.IsRequired) ?? false;
        var node = table.Find(FieldKeys.Default);
        table.RefuseOthers();
        if (type is null)
        {
            return null;
        }

        if (type is FlagType && (required || node is not null))
        {
            table.Report(required ? FieldKeys.IsRequired : FieldKeys.Default, "means nothing for a flag: one that is missing is false");
            return null;
        }

        if (node is null)
        {
            return new FieldDefinition(name, type, required, null);
        }

        if (required)
        {
            table.Report(FieldKeys.Default, "is never used: the field is required");
        }

        var element = ToJson(node);
        var mayBeEmpty = type is TextType && node is TomlString; // an argument may have to be there, and empty
        if (type.IsMissing(element, required: false) && !mayBeEmpty)
        {
            table.Report(FieldKeys.Default, "counts as missing itself: leave it out");
            return null;
        }

        if (type.TryRead(element, out var value, out var problem))
        {
            return new FieldDefinition(name, type, required, value);
        }

        table.Report(FieldKeys.Default, problem);
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
