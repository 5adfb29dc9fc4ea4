// The build program: ./build.sh TARGET (or ./build.ps1 TARGET). It needs no package, so it runs before the first restore.
#:property PublishAot=false
#:property RestorePackagesWithLockFile=false
#:property RuntimeIdentifiers=

using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Xml.Linq;

try
{
    return args switch
    {
        [] or ["help" or "--help" or "-h"] => Help(),
        ["build"] => Solution.Build(),
        ["publish", var folder] when !folder.StartsWith('-') => Deploy.Publish(folder),
        ["test", .. var rest] => TestRun.Run(rest),
        ["help" or "build" or "publish", ..] => throw new UsageException($"wrong arguments for '{args[0]}'"),
        _ => throw new UsageException($"unknown target '{args[0]}'"),
    };
}
catch (UsageException wrong)
{
    Console.Error.WriteLine($"build: {wrong.Message}; ./build.sh help lists the targets");
    return 64;
}

static int Help()
{
    Console.WriteLine("""
        usage: ./build.sh TARGET

          build                            restore and build everything (Release)
          test [--filter EXPRESSION] [KIND...]
                                           build and run the tests; KIND: unit process contract chaos endtoend; all if none
          publish DIR                      build, and leave in DIR the tree that a host runs
          help                             this text

        test installs the servers that its tests start (as root, on Debian), or says what to install. Without them, tests
        that need them are skipped; with CI=true a skipped test is a failure.
        """);
    return 0;
}

/// <summary>The command line asks for something that is not there.</summary>
internal sealed class UsageException(string message) : Exception(message);

/// <summary>Where things are.</summary>
internal static class Places
{
    public static readonly string Root = (string)AppContext.GetData("EntryPointFileDirectoryPath")!;

    public static string In(params string[] parts) => Path.Combine([Root, .. parts]);
}

/// <summary>The one configuration: what is tested is what is published, and nothing is compiled twice.</summary>
internal static class Solution
{
    public const string Configuration = "Release";

    public static readonly string[] Quiet = ["-v", "q", "-nodeReuse:false"];

    public static int Build()
    {
        // PublishReadyToRun makes the restore fetch the ahead-of-time compiler too, so that a later publish needs no network.
        var code = Child.Run("dotnet", ["restore", "OpsAgent.sln", "--locked-mode", "-p:PublishReadyToRun=true", .. Quiet]);
        return code != 0 ? code : Child.Run("dotnet", ["build", "OpsAgent.sln", "--no-restore", "-c", Configuration, .. Quiet]);
    }
}

/// <summary>The tree that a host runs: bin/, doers/, agents/, systemd/.</summary>
internal static class Deploy
{
    private const UnixFileMode ReadByAll = (UnixFileMode)0b110_100_100;
    private const UnixFileMode RunByAll = (UnixFileMode)0b111_101_101;

    /// <summary>Builds, publishes beside <paramref name="folder"/>, then swaps: a failure leaves the old tree alone.</summary>
    public static int Publish(string folder)
    {
        var target = Path.TrimEndingDirectorySeparator(Path.GetFullPath(folder));
        if (Refusal(target) is { } reason)
        {
            Console.Error.WriteLine($"build: {target} {reason}; it was left as it is");
            return 1;
        }

        var made = $"{target}.new-{Environment.ProcessId}";
        try
        {
            var code = Solution.Build();
            code = code != 0 ? code : Fill(made);
            if (code == 0)
            {
                Swap(made, target);
                Console.WriteLine($"published to {target}");
            }

            return code;
        }
        finally
        {
            if (Directory.Exists(made))
            {
                Directory.Delete(made, recursive: true);
            }
        }
    }

    /// <summary>Why a publish to <paramref name="target"/> would destroy what is not ours; null if it would not.</summary>
    private static string? Refusal(string target)
    {
        if (File.Exists(target) || new DirectoryInfo(target).LinkTarget is not null)
        {
            return "is a file or a link, not a folder";
        }

        var entries = Directory.Exists(target) ? Directory.GetFileSystemEntries(target).Select(Path.GetFileName).ToList() : [];
        var isTree = File.Exists(Path.Combine(target, "bin", "opsagent"))
            && entries.All(entry => entry is "bin" or "doers" or "agents" or "systemd");
        return entries.Count == 0 || isTree ? null : "exists and is not a published tree";
    }

    private static int Fill(string tree)
    {
        var doers = Directory.GetFiles(Places.In("src", "Doers"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("<OutputType>Exe<", StringComparison.Ordinal));
        (string Project, string Room)[] programs =
        [
            (Places.In("src", "Agent"), "bin"), (Places.In("src", "OpsCtl"), "bin"), .. doers.Select(doer => (doer, "doers")),
        ];
        foreach (var (project, room) in programs)
        {
            var code = PublishProgram(project, Path.Combine(tree, room));
            if (code != 0)
            {
                return code;
            }
        }

        CopyFolder("agents", tree);
        CopyFolder("systemd", tree);
        DropAndSetModes(tree);
        string[] needed =
            ["bin/opsagent", "bin/opsctl", "doers/payload-log", "agents/prodops.toml", "systemd/epicprod-ops-agent.service"];
        var missing = needed.Where(file => !File.Exists(Path.Combine(tree, file))).ToList();
        missing.ForEach(file => Console.Error.WriteLine($"build: the tree would lack {file}"));
        return missing.Count == 0 ? 0 : 1;
    }

    /// <summary>
    /// Takes the assemblies that were built and tested, compiles them ahead of time and lays them in one room of the tree.
    /// Programs in one room share libraries: versions are central, and code that does not fit is compiled when it runs.
    /// </summary>
    private static int PublishProgram(string project, string room) => Child.Run(
        "dotnet",
        [
            "publish", project, "--no-build", "-c", Solution.Configuration, "-o", room, .. Solution.Quiet,
            "-p:RuntimeIdentifier=linux-x64", "-p:AppendRuntimeIdentifierToOutputPath=false", "-p:SelfContained=false",
            "-p:PublishReadyToRun=true",
        ]);

    private static void CopyFolder(string name, string tree)
    {
        var room = Directory.CreateDirectory(Path.Combine(tree, name));
        foreach (var file in Directory.Exists(Places.In(name)) ? Directory.GetFiles(Places.In(name)) : [])
        {
            File.Copy(file, Path.Combine(room.FullName, Path.GetFileName(file)));
        }
    }

    /// <summary>Drops what only a developer needs and sets modes, whatever the umask and the packages' own modes are.</summary>
    private static void DropAndSetModes(string tree)
    {
        foreach (var entry in Directory.GetFileSystemEntries(tree, "*", SearchOption.AllDirectories).Append(tree))
        {
            if (Path.GetExtension(entry) is ".pdb" or ".xml")
            {
                File.Delete(entry);
            }
            else if (!OperatingSystem.IsWindows())
            {
                var runs = Directory.Exists(entry) || File.Exists($"{entry}.runtimeconfig.json");
                File.SetUnixFileMode(entry, runs ? RunByAll : ReadByAll);
            }
        }
    }

    private static void Swap(string made, string target)
    {
        var old = $"{target}.old-{Environment.ProcessId}";
        Directory.CreateDirectory(target);
        Directory.Move(target, old);
        try
        {
            Directory.Move(made, target);
        }
        catch (IOException)
        {
            Directory.Move(old, target);
            throw;
        }

        Directory.Delete(old, recursive: true);
    }
}

/// <summary>One run of the test projects, one after the other: they watch clocks and may have two cores only.</summary>
internal static class TestRun
{
    private static readonly string[] Order = ["Unit", "Process", "Contract", "Chaos", "EndToEnd"];
    private static readonly string Results = Places.In("artifacts", "test-results");
    private static readonly bool UnderCi = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    public static int Run(string[] arguments)
    {
        var (filter, kinds) = Parse(arguments);
        var tally = new Tally();
        var environment = new Dictionary<string, string> { [Child.Mark] = Guid.NewGuid().ToString("N") };
        if (Prepare(kinds, environment, tally))
        {
            foreach (var kind in kinds)
            {
                RunProject(kind, filter, environment, tally);
                Child.EndMarked(environment[Child.Mark], kind);
            }
        }

        return tally.Report(skippedFails: UnderCi);
    }

    private static (string? Filter, string[] Kinds) Parse(string[] arguments)
    {
        string[] all = [.. Directory.GetFiles(Places.In("tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("<IsTestProject>true<", StringComparison.Ordinal))
            .Select(project => Path.GetFileNameWithoutExtension(project))
            .OrderBy(kind => (uint)Array.IndexOf(Order, kind)).ThenBy(kind => kind, StringComparer.Ordinal)];
        var at = Array.IndexOf(arguments, "--filter");
        var filter = at < 0 ? null : arguments.ElementAtOrDefault(at + 1) ?? throw new UsageException("--filter of what?");
        var asked = arguments.Where((_, i) => at < 0 || (i != at && i != at + 1)).Select(name =>
            all.FirstOrDefault(kind => kind.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"unknown kind of test '{name}'")).ToList();
        return (filter, asked.Count == 0 ? all : [.. all.Where(asked.Contains)]);
    }

    /// <summary>Builds; for kinds that run the whole, sees to the servers first and publishes the tree that they run.</summary>
    private static bool Prepare(string[] kinds, Dictionary<string, string> environment, Tally tally)
    {
        Directory.CreateDirectory(Results);
        if (kinds.All(kind => kind is "Unit" or "Process"))
        {
            return Solution.Build() == 0 || tally.Fail("the build");
        }

        var missing = OperatingSystem.IsLinux() ? Child.Read(Places.In("build", "servers.sh")) : "";
        if (missing.Length > 0)
        {
            Console.WriteLine($"not all that tests start is here: apt-get install --no-install-recommends {missing}");
        }

        environment["OPSAGENT_MISSING"] = missing;
        environment["OPSAGENT_DEPLOY"] = Places.In("artifacts", "deploy");
        return (missing.Length == 0 || !UnderCi || tally.Fail($"not installed: {missing}"))
            && (Deploy.Publish(environment["OPSAGENT_DEPLOY"]) == 0 || tally.Fail("the build"));
    }

    private static void RunProject(string kind, string? filter, Dictionary<string, string> environment, Tally tally)
    {
        var folder = Places.In("tests", kind);
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);
        if (sources.All(file => Path.GetRelativePath(folder, file).StartsWith("obj", StringComparison.Ordinal)))
        {
            return; // no tests of this kind are written yet
        }

        var trx = Path.Combine(Results, $"{kind}.trx");
        File.Delete(trx);
        string[] arguments =
        [
            "test", Path.Combine(folder, "bin", Solution.Configuration, "net10.0", $"OpsAgent.Tests.{kind}.dll"),
            "--results-directory", Results, "--logger", $"trx;LogFileName={kind}.trx",
            "--blame-hang-timeout", "5m", "--blame-hang-dump-type", "none", .. filter is null ? [] : new[] { "--filter", filter },
        ];
        Console.WriteLine($"---- {kind}");
        var code = Child.Run("dotnet", arguments, environment, TimeSpan.FromMinutes(30));
        tally.Add(kind, code, trx, mustRun: filter is null);
    }
}

/// <summary>What passed, failed and was skipped.</summary>
internal sealed class Tally
{
    private readonly List<string> _failed = [];
    private readonly List<string> _skipped = [];
    private int _passed;

    public void Add(string kind, int code, string trx, bool mustRun)
    {
        var elements = File.Exists(trx) ? XDocument.Load(trx).Descendants() : [];
        var results = elements.Where(element => element.Name.LocalName == "UnitTestResult").ToList();
        var failedBefore = _failed.Count;
        foreach (var result in results)
        {
            switch ((string?)result.Attribute("outcome"))
            {
                case "Passed": _passed++; break;
                case "NotExecuted": _skipped.Add((string)result.Attribute("testName")!); break;
                default: _failed.Add((string)result.Attribute("testName")!); break;
            }
        }

        if (code != 0 && _failed.Count == failedBefore)
        {
            Fail($"{kind}: its process ended with {code} before its tests did");
        }
        else if (results.Count == 0 && mustRun)
        {
            Fail($"{kind}: no test was found");
        }
    }

    /// <summary>Counts as failed what is no test.</summary>
    public bool Fail(string what)
    {
        _failed.Add(what);
        return false;
    }

    /// <summary>Names what did not pass, then prints the one last line; returns the exit code.</summary>
    public int Report(bool skippedFails)
    {
        if (_passed + _failed.Count == 0)
        {
            Fail("no test ran");
        }

        Console.WriteLine("----");
        _skipped.ForEach(test => Console.WriteLine($"skipped: {test}{(skippedFails ? " (under CI each test has to run)" : "")}"));
        _failed.ForEach(test => Console.WriteLine($"FAILED: {test}"));
        Console.WriteLine($"{_passed} passed, {_failed.Count} failed{(_skipped.Count > 0 ? $", {_skipped.Count} skipped" : "")}");
        return _failed.Count == 0 && !(skippedFails && _skipped.Count > 0) ? 0 : 1;
    }
}

/// <summary>Programs that this one starts and ends.</summary>
internal static class Child
{
    public const string Mark = "OPSAGENT_TEST_RUN";

    /// <summary>Runs a program in the root folder; ended with all it started when the limit is reached.</summary>
    public static int Run(
        string program, string[] arguments, IReadOnlyDictionary<string, string>? environment = null, TimeSpan? limit = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = Places.Root };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
        {
            start.Environment[name] = value;
        }

        using var process = Process.Start(start)!;
        using var onTerm = PosixSignalRegistration.Create(PosixSignal.SIGTERM, _ => process.Kill(entireProcessTree: true));
        if (process.WaitForExit(limit ?? Timeout.InfiniteTimeSpan))
        {
            return process.ExitCode;
        }

        Console.WriteLine($"{program} {arguments[0]}: ended after {limit}");
        process.Kill(entireProcessTree: true);
        return 124;
    }

    /// <summary>The words that a program prints.</summary>
    public static string Read(string program)
    {
        using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardOutput = true })!;
        return string.Join(' ', process.StandardOutput.ReadToEnd().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
    }

    /// <summary>Ends what tests left running: it carries the mark of this run in its environment.</summary>
    public static void EndMarked(string mark, string kind)
    {
        foreach (var process in Process.GetProcesses().Where(process => IsMarked(process.Id, mark)))
        {
            Console.WriteLine($"{kind}: left running, ended now: {process.Id} {process.ProcessName}");
            process.Kill();
        }
    }

    private static bool IsMarked(int pid, string mark)
    {
        try
        {
            return File.ReadAllText($"/proc/{pid}/environ").Contains($"{Mark}={mark}", StringComparison.Ordinal);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return false; // ended meanwhile, another user's, or no Linux
        }
    }
}
