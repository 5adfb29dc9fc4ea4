using System.Globalization;

namespace OpsAgent.Agent.Hosting;

/// <summary>What a setting's text must look like; each returns null or what is wrong, as the end of a sentence.</summary>
internal static class SettingChecks
{
    public static string? Any(string text) => text.AsSpan().ContainsAny('\n', '\r', '\0') ? "holds a line break or NUL" : null;

    public static string? NotEmpty(string text) => text.Length == 0 ? "is empty" : Any(text);

    public static string? Queue(string text) =>
        Address(text, "/queue/", "/topic/") ? null : $"is '{text}'; it must begin with /queue/ or /topic/ and hold no blanks";

    public static string? Topic(string text) => Address(text, "/topic/") ? null : $"is '{text}'; it must begin with /topic/ and hold no blanks";

    public static string? TopicOrOff(string text) => text.Length == 0 ? null : Topic(text);

    /// <summary>0 goes with a broker inside the agent only, which is checked where both are known.</summary>
    public static string? Port(string text) => Whole(0, 65535)(text);

    public static Func<string, string?> Whole(long min, long max) => text =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? null
            : $"is '{text}'; it must be a whole number from {min} to {max}";

    /// <summary>The facility's present agent takes only the word true for true.</summary>
    public static string? Truth(string text) =>
        text.ToLowerInvariant() is "true" or "false" or "" or "0" or "1" or "yes" or "no" ? null : $"is '{text}'; it must be true or false";

    public static string? Span(string text) => Duration.TryParse(text, out _) ? null : $"is '{text}'; it must be a time such as 500ms, 30s, 5m or 1h";

    public static string? Folder(string text) => Path.IsPathFullyQualified(text) ? Any(text) : $"is '{text}'; it must be an absolute path";

    public static string? FileInFolder(string text) =>
        text.Length == 0 || Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(text))) ? Any(text) : $"is '{text}'; its folder does not exist";

    public static Func<string, string?> OneOf(params string[] words) => text =>
        words.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"is '{text}'; it must be one of {string.Join(", ", words)}";

    private static bool Address(string text, params ReadOnlySpan<string> prefixes)
    {
        foreach (var prefix in prefixes)
        {
            if (text.Length > prefix.Length && text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return !text.AsSpan().ContainsAnyExceptInRange('!', '~');
            }
        }

        return false;
    }
}
