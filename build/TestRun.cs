using System.Diagnostics;

namespace OpsAgent.Build;

/// <summary>One run of the test projects, one after the other: they watch clocks and may have two cores only.</summary>
internal static class TestRun
{
    private static readonly string[] Order = ["Unit", "Process", "Contract", "Chaos", "EndToEnd", Fuzzing];

    // A program, no test project: what names tests does not name it.
    private const string Fuzzing = "Fuzz";
    private static readonly string Results = Places.In("artifacts", "test-results");
    // Longer than any one test waits for anything, so that a test that is stuck tells itself what it was waiting for.
    private static readonly TimeSpan HangLimit = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan KindLimit = TimeSpan.FromMinutes(50);
    private static readonly string Report = Path.Combine(Results, "report.txt");

    private static readonly bool UnderCi = Environment.GetEnvironmentVariable("CI") is "true" or "1";

    /// <summary>Builds and runs tests; with a <paramref name="limit"/> nothing but that ends them.</summary>
    public static int Run(string[] arguments, IReadOnlyDictionary<string, string>? also = null, TimeSpan? limit = null)
    {
        var (filter, kinds) = Parse(arguments);
        var tally = new Tally();
        var environment = new Dictionary<string, string>(also ?? new Dictionary<string, string>())
        {
            [Child.Mark] = Guid.NewGuid().ToString("N"),
            ["OPSAGENT_TEST_REPORT"] = Report,
        };
        if (Prepare(kinds, environment, tally))
        {
            foreach (var kind in kinds)
            {
                if (kind == Fuzzing)
                {
                    Fuzz.RunAsTests(tally);
                    continue;
                }

                RunProject(kind, filter, environment, tally, limit);
                Child.EndMarked(environment[Child.Mark], kind);
            }
        }

        return tally.Report(skippedFails: UnderCi);
    }

    private static (string? Filter, string[] Kinds) Parse(string[] arguments)
    {
        string[] all = [.. Directory.GetFiles(Places.In("tests"), "*.csproj", SearchOption.AllDirectories)
            .Where(project => File.ReadAllText(project).Contains("<IsTestProject>true<", StringComparison.Ordinal))
            .Select(project => Path.GetFileNameWithoutExtension(project)).Append(Fuzzing)
            .OrderBy(kind => (uint)Array.IndexOf(Order, kind)).ThenBy(kind => kind, StringComparer.Ordinal)];
        var at = Array.IndexOf(arguments, "--filter");
        var filter = at < 0 ? null : arguments.ElementAtOrDefault(at + 1) ?? throw new UsageException("--filter of what?");
        var asked = arguments.Where((_, i) => at < 0 || (i != at && i != at + 1)).Select(name =>
            all.FirstOrDefault(kind => kind.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new UsageException($"unknown kind of test '{name}'")).ToList();
        return (filter, asked.Count == 0 ? [.. all.Where(kind => filter is null || kind != Fuzzing)] : [.. all.Where(asked.Contains)]);
    }

    /// <summary>Builds; for kinds that run the whole, sees to the servers first and publishes the tree that they run.</summary>
    private static bool Prepare(string[] kinds, Dictionary<string, string> environment, Tally tally)
    {
        Directory.CreateDirectory(Results);
        if (kinds.All(kind => kind is "Unit" or "Process" or Fuzzing))
        {
            return Solution.Build() == 0 || tally.Fail("the build");
        }

        var printed = OperatingSystem.IsLinux() ? Child.Read(Places.In("build", "servers.sh")).Output : "";
        var missing = string.Join(' ', printed.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        if (missing.Length > 0)
        {
            Console.WriteLine($"not all that tests start is here: apt-get install --no-install-recommends {missing}");
        }

        environment["OPSAGENT_MISSING"] = missing;
        environment["OPSAGENT_DEPLOY"] = Places.In("artifacts", "deploy");
        return (missing.Length == 0 || !UnderCi || tally.Fail($"not installed: {missing}"))
            && (Deploy.Publish(environment["OPSAGENT_DEPLOY"]) == 0 || tally.Fail("the build"));
    }

    private static void RunProject(string kind, string? filter, Dictionary<string, string> environment, Tally tally, TimeSpan? limit)
    {
        var folder = Places.In("tests", kind);
        var sources = Directory.EnumerateFiles(folder, "*.cs", SearchOption.AllDirectories);
        if (sources.All(file => Path.GetRelativePath(folder, file).StartsWith("obj", StringComparison.Ordinal)))
        {
            return; // no tests of this kind are written yet
        }

        var trx = Path.Combine(Results, $"{kind}.trx");
        File.Delete(trx);
        File.Delete(Report);
        string[] arguments =
        [
            "test", Path.Combine(folder, "bin", Solution.Configuration, "net10.0", $"OpsAgent.Tests.{kind}.dll"),
            "--results-directory", Results, "--logger", $"trx;LogFileName={kind}.trx",
            "--blame-hang-timeout", $"{(limit ?? HangLimit).TotalMinutes}m", "--blame-hang-dump-type", "none",
            .. filter is null ? [] : new[] { "--filter", filter },
        ];
        Console.WriteLine($"---- {kind}");
        var code = Child.Run("dotnet", arguments, environment, limit ?? KindLimit);
        Console.Write(File.Exists(Report) ? File.ReadAllText(Report) : "");
        tally.Add(kind, code, trx, mustRun: filter is null);
    }
}
