using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

namespace OpsAgent.OpsCtl.CommandLine;

/// <summary>Durations as people type them: <c>500ms</c>, <c>1s</c>, <c>2.5m</c>, <c>1h</c>, or bare seconds.</summary>
internal static class DurationText
{
    /// <summary>The longest that is taken, 10 days: timers of the runtime end soon after.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromDays(10);

    public static bool TryParse(string text, out TimeSpan duration)
    {
        duration = default;
        var digits = text.AsSpan().TrimEnd("hms");
        var factor = text.AsSpan(digits.Length) switch
        {
            "ms" => 0.001,
            "s" or "" => 1,
            "m" => 60,
            "h" => 3600,
            _ => double.NaN,
        };
        if (!double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            || !(number * factor <= Longest.TotalSeconds))
        {
            return false;
        }

        duration = TimeSpan.FromSeconds(number * factor);
        return true;
    }

    /// <summary>An option that takes a duration, of at least <paramref name="least"/>.</summary>
    public static Option<TimeSpan> Option(string name, string description, TimeSpan otherwise, TimeSpan least = default) => new(name)
    {
        Description = $"{description} (for example 500ms, 1s, 2m; {Show(otherwise)} if not given)",
        HelpName = "duration",
        DefaultValueFactory = _ => otherwise,
        CustomParser = result => Parse(result, name, least),
    };

    private static TimeSpan Parse(ArgumentResult result, string name, TimeSpan least)
    {
        var text = result.Tokens[0].Value;
        if (!TryParse(text, out var duration))
        {
            result.AddError($"{name}: '{text}' is no duration: write for example 500ms, 1s or 2m");
        }
        else if (duration < least)
        {
            result.AddError($"{name}: {text} is too short, the least is {Show(least)}");
        }

        return duration;
    }

    private static string Show(TimeSpan duration) =>
        duration.TotalSeconds < 60 ? $"{duration.TotalSeconds:0.###}s" : $"{duration.TotalMinutes:0.###}m";
}
