using System.Diagnostics;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Demo;

/// <summary>
/// Somebody new: a clean copy of the checkout, an empty home, no privileges, and of all that this machine has only the .NET SDK with
/// the packages that it has fetched before. The first demo, which builds everything, is run at the start.
/// </summary>
public sealed class Newcomer : IAsyncLifetime
{
    // Debian's nobody. Root would pass every check of modes and mounts.
    private const string Unprivileged = "65534";

    private readonly TemporaryFolder _folder = new();
    private readonly Dictionary<string, string> _environment;

    public Newcomer()
    {
        _environment = new Dictionary<string, string>
        {
            ["PATH"] = Environment.GetEnvironmentVariable("PATH") ?? "/usr/bin:/bin",
            ["HOME"] = Made("home"),
            ["TMPDIR"] = Made("tmp"),
            ["NUGET_PACKAGES"] = Packages,
            ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1",
        };
    }

    /// <summary>The promise, on two cores that have nothing else to do; a machine that is busy already takes so much longer.</summary>
    public static TimeSpan Promised { get; } = TimeSpan.FromMinutes(2) * Math.Clamp(LoadAverage() / Environment.ProcessorCount, 1, 3);

    /// <summary>Far longer than any demo takes on a slow machine that does something else too.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(8);

    public string Checkout => _folder.At("checkout");

    /// <summary>The demo from the clean checkout.</summary>
    public ProgramRun First { get; private set; } = null!;

    /// <summary>How long it took, the build included.</summary>
    public TimeSpan FirstTook { get; private set; }

    /// <summary>What is left in its temporary folder that a demo made.</summary>
    public IEnumerable<string> Leftovers => Directory.EnumerateFileSystemEntries(_environment["TMPDIR"], "opsagent-*");

    private static string Packages =>
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") is { Length: > 0 } given
            ? given
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    public async Task InitializeAsync()
    {
        await CleanCheckout.MakeAsync(Checkout);
        if (Environment.IsPrivilegedProcess)
        {
            // Root's home is closed to others. Links where the file system has them, copies elsewhere.
            _environment["NUGET_PACKAGES"] = _folder.At("packages");
            await RunAsync("sh", "-c", "cp -al \"$0\" \"$1\" 2>/dev/null || cp -a \"$0\" \"$1\"", Packages, _folder.At("packages"));
            await RunAsync("chown", Unprivileged, _folder.Path, _folder.At("packages"));
            await RunAsync("chown", "-R", $"{Unprivileged}:{Unprivileged}", Checkout, _environment["HOME"], _environment["TMPDIR"]);
        }

        var watch = Stopwatch.StartNew();
        First = await DemoAsync();
        FirstTook = watch.Elapsed;
    }

    public async Task DisposeAsync()
    {
        // The SDK leaves its compiler server behind, as it does for everybody.
        foreach (var pid in Running().Concat(CompilerServers()))
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
            await process.WaitForExitAsync();
        }

        _folder.Dispose();
    }

    /// <summary>Runs ./build.sh demo to its end.</summary>
    public async Task<ProgramRun> DemoAsync(params string[] arguments)
    {
        await using var demo = StartDemo(arguments);
        try
        {
            return new ProgramRun(await demo.ExitAsync(Limit), demo.Output);
        }
        catch (TimeoutException late)
        {
            var running = string.Join('\n', Processes.WithEnvironment(Mark).Select(pid => $"{pid} {Processes.CommandLine(pid)}"));
            throw new TimeoutException($"{late.Message}\nwhat runs still:\n{running}");
        }
    }

    /// <summary>Starts ./build.sh demo, as the leader of a process group, as a terminal's shell would.</summary>
    public ChildProcess StartDemo(params string[] arguments) => Start(["./build.sh", "demo", .. arguments]);

    /// <summary>Starts a command line of a shell in the checkout.</summary>
    public ChildProcess StartShell(string script) => Start(["sh", "-c", script]);

    /// <summary>Its processes, without the compiler server.</summary>
    public IReadOnlyList<int> Running() => [.. Processes.WithEnvironment(Mark).Where(pid => !IsCompilerServer(pid))];

    public TemporaryFolder Folder => _folder;

    // Everything that is started here has a home below the folder: the newcomer's own, or that of the demo's agent and doers.
    private string Mark => $"HOME={_folder.Path}/";

    private IEnumerable<int> CompilerServers() => Processes.WithEnvironment(Mark).Where(IsCompilerServer);

    private static bool IsCompilerServer(int pid) => Processes.CommandLine(pid).Contains("VBCSCompiler", StringComparison.Ordinal);

    private ChildProcess Start(string[] command)
    {
        string[] unprivileged = Environment.IsPrivilegedProcess
            ? ["setpriv", $"--reuid={Unprivileged}", $"--regid={Unprivileged}", "--clear-groups"]
            : [];

        // A suite that was started in the background has Ctrl-C ignored, and so would all that it starts.
        string[] whole = ["env", "--default-signal=INT,QUIT", "setsid", .. unprivileged, "sh", "-c", "cd \"$0\" && exec \"$@\"", Checkout, .. command];
        return ChildProcess.Start(whole[0], whole[1..], _environment, leadsGroup: true);
    }

    private string Made(string name) => Directory.CreateDirectory(_folder.At(name)).FullName;

    private static async Task RunAsync(string program, params string[] arguments)
    {
        await using var process = ChildProcess.Start(program, arguments, new Dictionary<string, string>());
        var code = await process.ExitAsync(TimeSpan.FromMinutes(2));
        Assert.True(code == 0, $"{program} {string.Join(' ', arguments)} ended with {code}:\n{process.Output}");
    }

    private static double LoadAverage() => double.Parse(File.ReadAllText("/proc/loadavg").Split(' ')[0]);
}

/// <summary>What a demo promises is measured while no other test runs.</summary>
[CollectionDefinition(nameof(Newcomer), DisableParallelization = true)]
public sealed class NewcomerGroup : ICollectionFixture<Newcomer>;
