using OpsAgent.Doers.Facility;
using OpsAgent.Doers.Facility.Panda;
using OpsAgent.Doers.Facility.Pcs;
using OpsAgent.Doers.SubmitTask.Command;

namespace OpsAgent.Doers.SubmitTask;

/// <summary>Environment and command line together, checked before anything is done.</summary>
internal sealed record SubmitSettings
{
    private const int AgentsLimit = 300;
    private const int LongestOwner = 150;

    /// <summary>The scratch, for the locks.</summary>
    public required string ScratchRoot { get; init; }

    /// <summary>The folder that sandboxes are below of.</summary>
    public required string StateFolder { get; init; }

    public required PcsOptions Pcs { get; init; }

    public required PandaClientOptions Panda { get; init; }

    public required PrunOptions Options { get; init; }

    /// <summary>The whole run's limit.</summary>
    public required TimeSpan Total { get; init; }

    /// <summary>How long a look-up after a doubtful end goes on.</summary>
    public required TimeSpan LookUp { get; init; }

    /// <summary>Sandboxes older than this are removed.</summary>
    public required TimeSpan SandboxAge { get; init; }

    public static SubmitSettings From(SubmitArguments arguments, DoerEnvironment environment) => new()
    {
        ScratchRoot = environment.AbsolutePath("SWF_TMP_DIR", "/data/swf-tmp"),
        StateFolder = StateFolderOf(environment),
        Pcs = new PcsOptions
        {
            Url = UrlOf(arguments, environment),
            Token = Header("the token", Filled(arguments.Token) ?? environment.Value("SWFMON_TOKEN") ?? environment.Value("SWF_MONITOR_TOKEN")),
            Owner = OwnerOf(Filled(arguments.Owner) ?? environment.Value("SWF_TASK_OWNER")),
        },
        Panda = new PandaClientOptions
        {
            Setup = SetupOf(arguments.PclientSetup),
            AuthVo = Filled(arguments.AuthVo) ?? "EIC.production",
            Base = PandaBaseEnvironment.OfProcess(),
        },
        Options = PrunOptions.From(environment),
        Total = arguments.Timeout ?? (environment.Seconds("EPICPROD_SUBMIT_TIMEOUT", AgentsLimit) * 0.9),
        LookUp = environment.Seconds("SUBMIT_LOOKUP_TIMEOUT", 60),
        SandboxAge = DaysOf(environment),
    };

    /// <summary>As header values may be: printable ASCII without blanks.</summary>
    internal static string? OwnerOf(string? owner) => Header("the owner", owner) is { Length: > LongestOwner }
        ? throw new DoerException(DoerExit.Usage, $"the owner is longer than {LongestOwner} characters")
        : owner;

    // Named, not looked at: a home that is not there must not make paths relative.
    private static string UserHome =>
        Environment.GetFolderPath(Environment.SpecialFolder.UserProfile, Environment.SpecialFolderOption.DoNotVerify);

    /// <summary>The agent's own rule, so that both find the same sandboxes.</summary>
    private static string StateFolderOf(DoerEnvironment environment)
    {
        if (environment.Value("OPSAGENT_STATE_DIR") is not null)
        {
            return environment.AbsolutePath("OPSAGENT_STATE_DIR", "");
        }

        if (environment.Value("STATE_DIRECTORY") is { } systemd)
        {
            return systemd.Split(':')[0];
        }

        var home = environment.Value("XDG_STATE_HOME") is { } xdg && Path.IsPathFullyQualified(xdg)
            ? xdg
            : Path.Combine(UserHome, ".local", "state");
        return Path.Combine(home, "opsagent");
    }

    private static Uri UrlOf(SubmitArguments arguments, DoerEnvironment environment) =>
        Filled(arguments.MonitorUrl) is { } url ? DoerEnvironment.ServiceBase("--swf-monitor-url", url)
        : environment.ServiceBase("SWF_MONITOR_URL")
            ?? throw new DoerException(DoerExit.Usage, "no monitor URL: give --swf-monitor-url, or set SWF_MONITOR_URL");

    private static string SetupOf(string? path)
    {
        path = Filled(path) ?? Path.Combine(UserHome, "pclient", "run", "setup.sh");
        return Path.IsPathFullyQualified(path)
            ? path
            : throw new DoerException(DoerExit.Usage, $"--pclient-setup must be an absolute path, not '{OneLine.Of(path)}'");
    }

    private static TimeSpan DaysOf(DoerEnvironment environment)
    {
        var text = environment.Value("SUBMIT_SANDBOX_DAYS") ?? "30";
        return int.TryParse(text, out var days) && days is >= 1 and <= 3650
            ? TimeSpan.FromDays(days)
            : throw new DoerException(DoerExit.Configuration, $"SUBMIT_SANDBOX_DAYS must be 1 to 3650, not '{OneLine.Of(text)}'");
    }

    private static string? Header(string what, string? value) => value is null || value.All(c => c is > ' ' and <= '~')
        ? value
        : throw new DoerException(DoerExit.Usage, $"{what} has characters that no header may hold");

    private static string? Filled(string? text) => string.IsNullOrEmpty(text) ? null : text;
}
