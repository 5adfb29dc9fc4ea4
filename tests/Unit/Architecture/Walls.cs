namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>Who may know whom.</summary>
internal static class Walls
{
    private static readonly Dictionary<string, string[]> MayKnow = new(StringComparer.Ordinal)
    {
        ["Agent.Abstractions"] = [],
        ["Stomp"] = [],
        ["Toml"] = [],
        ["Capabilities"] = ["Agent.Abstractions", "Toml"],
        ["Agent"] = ["Agent.Abstractions", "Stomp", "Toml", "Capabilities"],
        ["Doers.Facility"] = [],
        ["OpsCtl"] = ["Agent.Abstractions", "Stomp", "Toml", "Capabilities", "Doers.Facility"],
    };

    // A doer runs from cron on a host where no agent is installed.
    private static readonly string[] DoerMayKnow = ["Doers.Facility"];

    /// <summary>One line for each <paramref name="known"/> room that the one at <paramref name="path"/> must not know.</summary>
    public static IEnumerable<string> Breaches(string path, IEnumerable<string> known)
    {
        var room = Path.GetFileNameWithoutExtension(path);
        var isDoer = path.StartsWith("src/Doers/", StringComparison.Ordinal) && room != "Doers.Facility";
        var allowed = isDoer ? DoerMayKnow : MayKnow.GetValueOrDefault(room);
        return allowed is null
            ? [$"{path}: a room without walls; say in {nameof(Walls)} whom it may know"]
            : known.Where(other => !allowed.Contains(other)).Select(other => $"{room} must not know {other}");
    }
}
