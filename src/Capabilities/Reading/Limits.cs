using System.Globalization;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Toml;

namespace OpsAgent.Capabilities.Reading;

/// <summary>Spans of time: <c>"180s"</c> in the manifest, <c>180</c> (seconds) in the environment.</summary>
internal static class Limits
{
    private const string Form = "must be a time such as \"180s\", \"15m\", \"6h\" or \"1d\", above 0 and at most 7 days";

    /// <summary>What the ledger counts at each request.</summary>
    private const int LargestRate = 9_999;

    private static readonly TimeSpan Largest = TimeSpan.FromDays(7);

    /// <summary>A span; null if it is absent without a default, or wrong, which is then reported.</summary>
    public static TimeSpan? Read(TableReader table, SpanKey key, IReadOnlyDictionary<string, string> environment)
    {
        switch (table.Find(key))
        {
            case null:
                if (key.Required)
                {
                    table.Report(key, "is missing: a time such as \"180s\"");
                }

                return key.Otherwise;
            case TomlString text:
                return Written(table, key, text.Value);
            case TomlTable:
                return FromEnvironment(table.Table(key, SpanKey.FromEnvironment)!, environment);
            default:
                table.Report(key, $"{Form}, or {{ env = \"NAME\", default = \"180s\" }}");
                return null;
        }
    }

    /// <summary>The variable that gives a span its value now; null if the table itself does.</summary>
    public static string? VariableOf(TableReader table, SpanKey key, IReadOnlyDictionary<string, string> environment) =>
        table.Find(key) is TomlTable span && span.TryGetValue(SpanKey.Variable, out var name) && name is TomlString { Value: var variable }
            && environment.TryGetValue(variable, out var value) && !string.IsNullOrWhiteSpace(value)
                ? variable
                : null;

    /// <summary>A rate; null if it is absent, or wrong, which is then reported.</summary>
    public static RateLimit? ReadRate(TableReader table, RateKey key)
    {
        switch (table.Find(key))
        {
            case null:
                return null;
            case TomlString { Value: var text }
                when text.Split('/') is [var count, var per]
                    && int.TryParse(count, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                    && number is > 0 and <= LargestRate && Span(per) is { } span:
                return new RateLimit(number, span);
            default:
                table.Report(key, $"must be a number and a time, such as \"10/1m\": 1 to {LargestRate}, and at most 7 days");
                return null;
        }
    }

    private static TimeSpan? FromEnvironment(TableReader table, IReadOnlyDictionary<string, string> environment)
    {
        var name = table.Text(SpanKey.Variable);
        var span = table.Text(SpanKey.Written) is { } text ? Written(table, SpanKey.Written, text) : null;
        table.RefuseOthers();
        if (name is null)
        {
            return span;
        }

        // An environment file's "NAME=" stands for a variable that is not set.
        if (!environment.TryGetValue(name, out var value) || string.IsNullOrWhiteSpace(value))
        {
            return span;
        }

        if (int.TryParse(value.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            && InRange(TimeSpan.FromSeconds(seconds)) is { } fromEnvironment)
        {
            return fromEnvironment;
        }

        table.Report(SpanKey.Variable, $"{name} in the environment must be a whole number of seconds from 1 to {Largest.TotalSeconds:0}");
        return null;
    }

    private static TimeSpan? Written(TableReader table, string key, string text)
    {
        var span = Span(text);
        if (span is null)
        {
            table.Report(key, Form);
        }

        return span;
    }

    private static TimeSpan? Span(string text)
    {
        var unit = text.Length > 1 ? text[^1] : ' ';
        var seconds = unit switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86_400, _ => 0 };
        var digits = seconds > 0 ? text.AsSpan()[..^1] : [];
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? InRange(TimeSpan.FromSeconds((double)number * seconds))
            : null;
    }

    private static TimeSpan? InRange(TimeSpan span) => span > TimeSpan.Zero && span <= Largest ? span : null;
}
