using System.Globalization;

namespace OpsAgent.Agent.Hosting;

/// <summary>A time span as people write it: a number and ms, s, m, h or d; a bare number is seconds.</summary>
internal static class Duration
{
    /// <summary>The same as a regular expression, but for the longest.</summary>
    public const string Pattern = "^([0-9]+([.][0-9]*)?|[.][0-9]+)(ms|s|m|h|d)?$";

    /// <summary>Ten years.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(3650);

    public static bool TryParse(string text, out TimeSpan span)
    {
        var digits = text.AsSpan().TrimEnd("msdh");
        var unit = text.AsSpan(digits.Length);
        var scale = unit switch
        {
            "ms" => 0.001,
            "" or "s" => 1,
            "m" => 60,
            "h" => 3600,
            "d" => 86400,
            _ => double.NaN,
        };
        var valid = double.TryParse(digits, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number * scale <= Longest.TotalSeconds;
        span = valid ? TimeSpan.FromSeconds(number * scale) : default;
        return valid;
    }

    public static TimeSpan Parse(string text) =>
        TryParse(text, out var span) ? span : throw new FormatException($"'{text}' is no time span");
}
