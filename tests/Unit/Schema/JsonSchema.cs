using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using OpsAgent.Toml;

namespace OpsAgent.Tests.Unit.Schema;

/// <summary>
/// As much of JSON Schema's draft 7 as our schema uses, over TOML, so that every manifest of every test is held against it at no
/// cost. A keyword that it does not know is an error. <see cref="ValidatorTests"/> holds it to the verdicts of a real validator.
/// </summary>
internal sealed class JsonSchema(JsonObject root)
{
    private static readonly string[] Annotations = ["$schema", "title", "description", "default", "if", "then", "else", "additionalItems"];

    /// <summary>What is wrong with a document, each with its path; empty if it is valid.</summary>
    public IReadOnlyList<string> Errors(TomlTable document) => [.. Check(root, document, "")];

    private static IEnumerable<string> Check(JsonNode? schema, TomlNode value, string path)
    {
        if (schema is JsonValue all)
        {
            return all.GetValue<bool>() ? [] : [$"{path}: must not be there"];
        }

        return schema!.AsObject().SelectMany(k => Keyword(k.Key, k.Value!, schema.AsObject(), value, path));
    }

    private static IEnumerable<string> Keyword(string name, JsonNode form, JsonObject schema, TomlNode value, string path) => name switch
    {
        "type" => Types(form).Any(t => IsOf(t, value)) ? [] : [$"{path}: must be {string.Join(" or ", Types(form))}"],
        "enum" => form.AsArray().Any(v => IsSame(v, value)) ? [] : [$"{path}: must be one of {form.ToJsonString()}"],
        "const" => IsSame(form, value) ? [] : [$"{path}: must be {form.ToJsonString()}"],
        "not" => Check(form, value, path).Any() ? [] : [$"{path}: must not be one of {form.ToJsonString()}"],
        "anyOf" => form.AsArray().Any(f => !Check(f, value, path).Any()) ? [] : [$"{path}: fits none of {form.ToJsonString()}"],
        "allOf" => form.AsArray().SelectMany(f => Check(f, value, path)),
        "if" => Check(form, value, path).Any() ? (schema["else"] is { } other ? Check(other, value, path) : []) : Check(schema["then"], value, path),
        "minimum" => Number(value) is { } least && least < form.GetValue<double>() ? [$"{path}: must be at least {form}"] : [],
        "maximum" => Number(value) is { } most && most > form.GetValue<double>() ? [$"{path}: must be at most {form}"] : [],
        "minLength" => value is TomlString text && text.Value.Length < form.GetValue<int>() ? [$"{path}: is too short"] : [],
        "pattern" => value is TomlString line && !Regex.IsMatch(line.Value, form.GetValue<string>()) ? [$"{path}: must match {form}"] : [],
        _ => value switch
        {
            TomlTable table => OfTable(name, form, schema, table, path),
            TomlArray array => OfArray(name, form, schema, array, path),
            _ => OfOthers(name),
        },
    };

    private static IEnumerable<string> OfTable(string name, JsonNode form, JsonObject schema, TomlTable table, string path) => name switch
    {
        "required" => form.AsArray().Select(k => k!.GetValue<string>()).Where(k => !table.ContainsKey(k)).Select(k => $"{path}.{k}: is missing"),
        "properties" => table.Where(e => form.AsObject().ContainsKey(e.Key)).SelectMany(e => Check(form[e.Key], e.Value, $"{path}.{e.Key}")),
        "minProperties" => table.Count < form.GetValue<int>() ? [$"{path}: has too few keys"] : [],
        "patternProperties" => form.AsObject().SelectMany(
            p => table.Where(e => Regex.IsMatch(e.Key, p.Key)).SelectMany(e => Check(p.Value, e.Value, $"{path}.{e.Key}"))),
        "additionalProperties" => table.Where(e => !IsNamed(schema, e.Key)).SelectMany(e => Check(form, e.Value, $"{path}.{e.Key}")),
        "dependencies" => form.AsObject().Where(d => table.ContainsKey(d.Key)).SelectMany(
            d => d.Value is JsonArray keys ? OfTable("required", keys, schema, table, path) : Check(d.Value, table, path)),
        _ => OfOthers(name),
    };

    private static IEnumerable<string> OfArray(string name, JsonNode form, JsonObject schema, TomlArray array, string path) => name switch
    {
        "minItems" => array.Count < form.GetValue<int>() ? [$"{path}: has too few items"] : [],
        "items" => array.SelectMany((item, i) => form is JsonArray each
            ? i < each.Count ? Check(each[i], item, $"{path}[{i}]") : Check(schema["additionalItems"], item, $"{path}[{i}]")
            : Check(form, item, $"{path}[{i}]")),
        _ => OfOthers(name),
    };

    /// <summary>Keywords say nothing of values that they are not about.</summary>
    private static string[] OfOthers(string name) =>
        Annotations.Contains(name) || name is "required" or "properties" or "patternProperties" or "additionalProperties"
            or "dependencies" or "minProperties" or "minItems" or "items"
            ? []
            : throw new NotSupportedException($"the schema uses '{name}', which this checker does not know yet");

    private static bool IsNamed(JsonObject schema, string key) =>
        schema["properties"]?.AsObject().ContainsKey(key) == true
        || schema["patternProperties"]?.AsObject().Any(p => Regex.IsMatch(key, p.Key)) == true;

    private static IEnumerable<string> Types(JsonNode form) =>
        form is JsonArray several ? several.Select(t => t!.GetValue<string>()) : [form.GetValue<string>()];

    private static bool IsOf(string type, TomlNode value) => type switch
    {
        "object" => value is TomlTable,
        "array" => value is TomlArray,
        "string" => value is TomlString,
        "boolean" => value is TomlBoolean,
        "number" => value is TomlInteger or TomlFloat,
        // To JSON Schema 4.0 is an integer too.
        "integer" => value is TomlInteger || value is TomlFloat { Value: var number } && double.IsInteger(number),
        _ => throw new NotSupportedException($"the schema uses the type '{type}', which this checker does not know yet"),
    };

    private static bool IsSame(JsonNode? form, TomlNode value) => value switch
    {
        TomlString text => form!.GetValueKind() == System.Text.Json.JsonValueKind.String && form.GetValue<string>() == text.Value,
        TomlBoolean truth => form!.GetValueKind() is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False
            && form.GetValue<bool>() == truth.Value,
        _ => false,
    };

    private static double? Number(TomlNode value) => value switch
    {
        TomlInteger number => number.Value,
        TomlFloat number => number.Value,
        _ => null,
    };
}
