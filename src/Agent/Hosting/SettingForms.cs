using System.Globalization;
using System.Text.Json.Nodes;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The forms that settings have. The schema asks for text in quotes and for numbers and truth as TOML has them, but takes those as
/// text too, as the agent does. It does not look at folders: it is used on other hosts.
/// </summary>
internal static class SettingForms
{
    public static readonly SettingForm Any = new(Line, static s => IsText(s));

    public static readonly SettingForm NotEmpty = new(
        static text => text.Length == 0 ? "is empty" : Line(text), static s => IsText(s)["minLength"] = 1);

    public static readonly SettingForm Queue = new(
        static text => Address(text, "/queue/", "/topic/") ? null : $"is '{text}'; it must begin with /queue/ or /topic/ and hold no blanks",
        static s => IsText(s, "^/(queue|topic)/[!-~]+$"));

    public static readonly SettingForm Topic = new(
        static text => Address(text, "/topic/") ? null : $"is '{text}'; it must begin with /topic/ and hold no blanks",
        static s => IsText(s, "^/topic/[!-~]+$"));

    public static readonly SettingForm TopicOrOff = new(
        static text => text.Length == 0 ? null : Topic.Check(text), static s => IsText(s, "^(/topic/[!-~]+)?$"));

    /// <summary>0 goes with a broker inside the agent only, which is checked where both are known.</summary>
    public static readonly SettingForm Port = Whole(0, 65535);

    public static readonly SettingForm OptionalWhole = new(
        static text => text.Length == 0 ? null : IsWhole(text, 1, 1000), static s => IsNumber(s, 1, 1000, "^([+-]?[0-9]+)?$"));

    /// <summary>The facility's present agent takes only the word true for true.</summary>
    public static readonly SettingForm Truth = new(
        static text => text.ToLowerInvariant() is "true" or "false" or "" or "0" or "1" or "yes" or "no"
            ? null
            : $"is '{text}'; it must be true or false",
        static s =>
        {
            s["type"] = new JsonArray("boolean", "integer", "string");
            s["minimum"] = 0;
            s["maximum"] = 1;
            s["pattern"] = $"^({AnyCase("true")}|{AnyCase("false")}|{AnyCase("yes")}|{AnyCase("no")}|0|1)?$";
        });

    public static readonly SettingForm Span = new(
        static text => Duration.TryParse(text, out _) ? null : $"is '{text}'; it must be a time such as 500ms, 30s, 5m or 1h",
        static s =>
        {
            s["type"] = new JsonArray("string", "number");
            s["pattern"] = Duration.Pattern;
            s["minimum"] = 0;
            s["maximum"] = Duration.Longest.TotalSeconds;
        });

    /// <summary>At least 1 s: without them a broker that falls silent is never noticed, and load alone makes shorter ones late.</summary>
    public static readonly SettingForm HeartBeat = new(
        static text => Span.Check(text) ?? (Duration.Parse(text) >= TimeSpan.FromSeconds(1)
            ? null
            : $"is '{text}'; it must be 1s or more: a broker that falls silent is noticed by its missing heart-beats alone"),
        static s =>
        {
            Span.Describe(s);
            s["minimum"] = 1;
        });

    public static readonly SettingForm Folder = new(
        static text => Path.IsPathFullyQualified(text) ? Line(text) : $"is '{text}'; it must be an absolute path", static s => IsText(s, "^/"));

    public static readonly SettingForm FolderOrNone = new(
        static text => text.Length == 0 ? null : Folder.Check(text), static s => IsText(s, "^(/[^\\x00\\n\\r]*)?$"));

    public static readonly SettingForm FileInFolder = new(
        static text => text.Length == 0 || Directory.Exists(Path.GetDirectoryName(Path.GetFullPath(text)))
            ? Line(text)
            : $"is '{text}'; its folder does not exist",
        static s => IsText(s));

    public static SettingForm Whole(long min, long max) =>
        new(text => IsWhole(text, min, max), s => IsNumber(s, min, max, "^[+-]?[0-9]+$"));

    public static SettingForm OneOf(params string[] words) => new(
        text => words.Contains(text, StringComparer.OrdinalIgnoreCase) ? null : $"is '{text}'; it must be one of {string.Join(", ", words)}",
        s => s["anyOf"] = new JsonArray(
            new JsonObject { ["enum"] = new JsonArray([.. words.Select(static w => JsonValue.Create(w))]) },
            IsText([], $"^({string.Join('|', words.Select(AnyCase))})$")));

    private static string? Line(string text) => text.AsSpan().ContainsAny('\n', '\r', '\0') ? "holds a line break or NUL" : null;

    private static string? IsWhole(string text, long min, long max) =>
        long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) && number >= min && number <= max
            ? null
            : $"is '{text}'; it must be a whole number from {min} to {max}";

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

    private static JsonObject IsText(JsonObject schema, string pattern = @"^[^\x00\n\r]*$")
    {
        schema["type"] = "string";
        schema["pattern"] = pattern;
        return schema;
    }

    private static void IsNumber(JsonObject schema, long min, long max, string pattern)
    {
        schema["type"] = new JsonArray("integer", "string");
        schema["minimum"] = min;
        schema["maximum"] = max;
        schema["pattern"] = pattern;
    }

    private static string AnyCase(string word) =>
        string.Concat(word.Select(static c => $"[{char.ToUpperInvariant(c)}{char.ToLowerInvariant(c)}]"));
}
