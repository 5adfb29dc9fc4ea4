using System.Globalization;

namespace OpsAgent.OpsCtl.Guard;

/// <summary>What the guard goes by. The names are those of the facility's present cleaner.</summary>
internal sealed record GuardSettings
{
    private const int LongestSeconds = 3600;

    /// <summary>The agent's unit.</summary>
    public required string Unit { get; init; }

    /// <summary>How long a pong may take.</summary>
    public required TimeSpan PingTimeout { get; init; }

    /// <summary>A heartbeat that is older says nothing of a process.</summary>
    public required TimeSpan HeartbeatFresh { get; init; }

    /// <summary>The exit status of an agent that was stopped over the bus.</summary>
    public required int DeliberateExit { get; init; }

    /// <summary>The monitor, with its base path and without a slash at its end; null: not known.</summary>
    public required Uri? Monitor { get; init; }

    /// <summary>Shown to the monitor; null: none.</summary>
    public required string? Token { get; init; }

    /// <summary>The cache.</summary>
    public required string CacheFolder { get; init; }

    /// <summary>Where it keeps what it has seen, from one run to the next.</summary>
    public required string MemoryFile { get; init; }

    /// <exception cref="OpsCtlException">A value makes no sense (exit 78).</exception>
    public static GuardSettings Read(Surroundings surroundings)
    {
        var unit = surroundings.Variable("EPICPROD_OPS_UNIT") ?? "epicprod-ops-agent";
        if (unit[0] == '-' || !unit.All(static c => char.IsAsciiLetterOrDigit(c) || c is '@' or ':' or '_' or '.' or '-'))
        {
            throw Wrong("EPICPROD_OPS_UNIT", unit, "the name of a systemd unit");
        }

        return new GuardSettings
        {
            Unit = unit.Contains('.', StringComparison.Ordinal) ? unit : $"{unit}.service",
            PingTimeout = Seconds("EPICPROD_PING_TIMEOUT", surroundings.Variable("EPICPROD_PING_TIMEOUT"), 10),
            HeartbeatFresh = Seconds("EPICPROD_HEARTBEAT_FRESH_SEC", surroundings.Variable("EPICPROD_HEARTBEAT_FRESH_SEC"), 120),
            DeliberateExit = (int)Number("EPICPROD_EXIT_DELIBERATE", surroundings.Variable("EPICPROD_EXIT_DELIBERATE"), 100, 255),
            Monitor = MonitorUrl(surroundings),
            Token = surroundings.Variable("SWF_API_TOKEN"),
            CacheFolder = Absolute("SWF_TMP_DIR", surroundings.Variable("SWF_TMP_DIR"), "/data/swf-tmp"),
            MemoryFile = Absolute("EPICPROD_GUARD_MEMORY", surroundings.Variable("EPICPROD_GUARD_MEMORY"), $"/run/opsctl-guard/{unit}.json"),
        };
    }

    private static TimeSpan Seconds(string name, string? text, int otherwise) =>
        TimeSpan.FromSeconds(Number(name, text, otherwise, LongestSeconds));

    private static double Number(string name, string? text, double otherwise, int most)
    {
        if (text is null)
        {
            return otherwise;
        }

        return double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number)
            && number > 0 && number <= most
            ? number
            : throw Wrong(name, text, $"a number above 0, at most {most}");
    }

    private static Uri? MonitorUrl(Surroundings surroundings)
    {
        if (surroundings.Variable("SWF_MONITOR_URL") is not { } text)
        {
            return null;
        }

        return Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var url) && (url.Scheme is "http" or "https") && url.Query.Length == 0
            ? url
            : throw Wrong("SWF_MONITOR_URL", text, "an http or https URL");
    }

    private static string Absolute(string name, string? path, string otherwise) =>
        path is null ? otherwise
        : Path.IsPathFullyQualified(path) ? path
        : throw Wrong(name, path, "an absolute path");

    private static OpsCtlException Wrong(string name, string value, string wanted) =>
        new(ExitCode.Configuration, $"{name} is '{value}'", $"set it to {wanted}");
}
