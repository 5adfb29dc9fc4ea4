using System.Globalization;
using System.Text.Json;
using OpsAgent.Toml;

namespace OpsAgent.Tests.Unit.Toml;

/// <summary>Compares what was read with the suite's expected values, a scalar being an object of "type" and "value".</summary>
internal static class TaggedJson
{
    /// <summary>Every difference, each with the path of its value.</summary>
    public static IEnumerable<string> Differences(TomlNode node, JsonElement expected, string path = "")
    {
        if (expected.ValueKind == JsonValueKind.Array)
        {
            return node is TomlArray array && array.Count == expected.GetArrayLength()
                ? array.Zip(expected.EnumerateArray()).SelectMany((pair, i) => Differences(pair.First, pair.Second, $"{path}[{i}]"))
                : [$"{path}: expected an array of {expected.GetArrayLength()}, read {Describe(node)}"];
        }

        if (IsScalar(expected))
        {
            var (type, value) = (expected.GetProperty("type").GetString()!, expected.GetProperty("value").GetString()!);
            return Matches(node, type, value) ? [] : [$"{path}: expected {type} {value}, read {Describe(node)}"];
        }

        var names = expected.EnumerateObject().Select(static p => p.Name).ToHashSet();
        return node is TomlTable table && names.SetEquals(table.Keys)
            ? expected.EnumerateObject().SelectMany(p => Differences(table[p.Name], p.Value, $"{path}.{p.Name}"))
            : [$"{path}: expected a table of {string.Join(", ", names)}, read {Describe(node)}"];
    }

    private static bool IsScalar(JsonElement expected) =>
        expected.EnumerateObject().Count() == 2
        && expected.TryGetProperty("type", out var type) && type.ValueKind == JsonValueKind.String
        && expected.TryGetProperty("value", out var value) && value.ValueKind == JsonValueKind.String;

    private static bool Matches(TomlNode node, string type, string value) => (type, node) switch
    {
        ("string", TomlString s) => s.Value == value,
        ("integer", TomlInteger i) => i.Value == long.Parse(value, CultureInfo.InvariantCulture),
        ("bool", TomlBoolean b) => b.Value == (value == "true"),
        ("float", TomlFloat f) => SameFloat(f.Value, value),
        ("datetime", TomlOffsetDateTime d) => d.Value.EqualsExact(DateTimeOffset.Parse(value, CultureInfo.InvariantCulture)),
        ("datetime-local", TomlLocalDateTime d) => d.Value == DateTime.Parse(value, CultureInfo.InvariantCulture),
        ("date-local", TomlLocalDate d) => d.Value == DateOnly.Parse(value, CultureInfo.InvariantCulture),
        ("time-local", TomlLocalTime t) => t.Value == TimeOnly.Parse(value, CultureInfo.InvariantCulture),
        _ => false,
    };

    // The suite writes fewer digits than a double has for some values; nothing else may differ, not even a zero's sign.
    private static bool SameFloat(double read, string value)
    {
        var expected = value switch
        {
            "inf" or "+inf" => double.PositiveInfinity,
            "-inf" => double.NegativeInfinity,
            "nan" => double.NaN,
            _ => double.Parse(value, CultureInfo.InvariantCulture),
        };
        return expected.Equals(read)
            ? double.IsNaN(read) || double.IsNegative(expected) == double.IsNegative(read)
            : Math.Abs(read - expected) <= Math.Abs(expected) * 1e-15;
    }

    private static string Describe(TomlNode node) => node switch
    {
        TomlTable table => $"a table of {string.Join(", ", table.Keys)}",
        TomlArray array => $"an array of {array.Count}",
        _ => $"{node.Kind} {node}",
    };
}
