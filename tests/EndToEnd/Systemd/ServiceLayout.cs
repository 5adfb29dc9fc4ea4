using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>Where the agent of a scene has what; folders as they are called outside its systemd.</summary>
internal sealed record ServiceLayout
{
    /// <summary>The user of the unit, and its group.</summary>
    public const string User = "wenauseic";

    /// <inheritdoc cref="User"/>
    public const string Group = "eic";

    public required string StateFolder { get; init; }

    public required string CacheFolder { get; init; }

    public required string EnvironmentFile { get; init; }

    public required string LogFile { get; init; }

    /// <summary>Lines for the environment file.</summary>
    public IReadOnlyList<string> Settings { get; init; } = [];

    /// <summary>What goes over the shipped unit.</summary>
    public required string DropIn { get; init; }

    /// <summary>What stands where this machine has something else.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Places { get; init; } = [];

    /// <summary>This tree instead of /opt, root instead of a user that is not here, and a test's doers.</summary>
    public static ServiceLayout OfTests(TemporaryFolder folder, TimeSpan watchdog)
    {
        var file = folder.At("production.env");
        var agent = $"{Deployment.Agent} --environment-file {file} --config {folder.Write("prodops.toml", ServiceManifest.Text(folder))}";
        return new ServiceLayout
        {
            StateFolder = folder.At("state"),
            CacheFolder = Directory.CreateDirectory(folder.At("tmp")).FullName,
            EnvironmentFile = file,
            LogFile = folder.At("log"),
            Settings = [$"OPSAGENT_STATE_DIR={folder.At("state")}"],
            DropIn = $"""
                {ShortTimes(folder.At("log"), watchdog)}
                ReadWritePaths=
                ReadWritePaths={folder.Path}
                PrivateTmp=no
                ProtectHome=no
                User=
                Group=
                WorkingDirectory=/
                StateDirectory=
                Environment=HOME=/root
                ExecStart=
                ExecStart={agent} --set agent.drain_timeout=2s
                ExecStopPost=
                ExecStopPost={agent} --end-leftovers %n
                """,
        };
    }

    /// <summary>
    /// As docs/operations.md installs it: the unit, user, settings and capabilities that are shipped, at their places; but for the cache
    /// folder, which is the scene's.
    /// </summary>
    /// <param name="folder">The scene's folder.</param>
    /// <param name="watchdog">How long the agent may be silent.</param>
    /// <param name="more">What stands where a site has its own: lines over the unit, and files in the deployed tree.</param>
    public static async Task<ServiceLayout> InstalledAsync(TemporaryFolder folder, TimeSpan watchdog, ServiceChanges more)
    {
        // Another user than root goes through it.
        UnixMode.Set(folder.Path, "0755");
        Directory.CreateDirectory(folder.At("opt", "opsagent", "current"));
        await MakeUserAsync(folder);
        return new ServiceLayout
        {
            StateFolder = Directory.CreateDirectory(folder.At("var-lib")).CreateSubdirectory("opsagent").FullName,
            CacheFolder = folder.At("swf-tmp"),
            EnvironmentFile = folder.Write("opt/swf-monitor/config/env/production.env", ""),
            LogFile = folder.At("log"),
            DropIn = $"""
                {ShortTimes(folder.At("log"), watchdog)}
                ReadWritePaths=
                BindPaths={folder.At("swf-tmp")}
                {string.Join('\n', more.UnitLines)}
                """,
            Places =
            [
                new("/etc/passwd", folder.At("etc", "passwd")),
                new("/etc/group", folder.At("etc", "group")),
                new("/var/lib", folder.At("var-lib")),
                new("/opt", folder.At("opt")),
                new("/opt/opsagent/current", Deployment.Folder),
                .. more.Files.Select(f => new KeyValuePair<string, string>($"/opt/opsagent/current/{f.Key}", folder.Write(f.Key, f.Value))),
            ],
        };
    }

    private static async Task MakeUserAsync(TemporaryFolder root)
    {
        root.Write("etc/passwd", await File.ReadAllTextAsync("/etc/passwd"));
        root.Write("etc/group", await File.ReadAllTextAsync("/etc/group"));
        var shipped = Path.Combine(Deployment.Folder, "systemd", "sysusers.conf");
        root.Write("usr/lib/sysusers.d/opsagent.conf", await File.ReadAllTextAsync(shipped));
        await using var makes = ChildProcess.Start("/usr/bin/systemd-sysusers", [$"--root={root.Path}"], new Dictionary<string, string>());
        if (await makes.ExitAsync() != 0)
        {
            throw new InvalidOperationException($"systemd-sysusers: {makes.Output}");
        }
    }

    private static string ShortTimes(string log, TimeSpan watchdog) => $"""
        [Unit]
        DefaultDependencies=no
        StartLimitBurst=50
        [Service]
        {(Environment.GetEnvironmentVariable("DOTNET_ROOT") is { Length: > 0 } root ? $"Environment=DOTNET_ROOT={root}" : "")}
        WatchdogSec={watchdog.TotalSeconds}
        RestartSec=200ms
        TimeoutStopSec=5
        StandardOutput=append:{log}
        StandardError=inherit
        """;
}

/// <summary>What a site has otherwise than it is shipped.</summary>
/// <param name="UnitLines">Lines of <c>[Service]</c>, over the unit's.</param>
/// <param name="Files">Texts by the names that their files have in the deployed tree.</param>
internal sealed record ServiceChanges(IReadOnlyList<string> UnitLines, IReadOnlyDictionary<string, string> Files)
{
    /// <summary>Folders of the test, which are beneath the temporary folder that the unit has one of its own for.</summary>
    public static ServiceChanges Of(IEnumerable<string> readable, IEnumerable<string> writable) => new(
        [.. readable.Select(static p => $"BindReadOnlyPaths={p}"), .. writable.Select(static p => $"BindPaths={p}")], new Dictionary<string, string>());
}
