namespace OpsAgent.Build;

/// <summary>Runs the fuzz targets, as many side by side as there are cores for, each a process of its own.</summary>
internal static class Fuzz
{
    /// <summary>What a run of all tests gives each target; more where nobody waits for it.</summary>
    private static readonly string SecondsInTests = Environment.GetEnvironmentVariable("CI") is "true" or "1" ? "60" : "10";

    // These ask for one run of the program.
    private static readonly string[] ByItself = ["--replay", "--list", "--case"];

    private static readonly string Program = Places.In("tests", "Fuzz", "bin", Solution.Configuration, "net10.0", "OpsAgent.Tests.Fuzz.dll");

    /// <summary>Builds and runs what the arguments say; 0 without a finding.</summary>
    public static int Run(string[] arguments)
    {
        var code = Solution.BuildOne(Places.In("tests", "Fuzz"));
        if (code != 0 || arguments.Intersect(ByItself).Any())
        {
            return code != 0 ? code : Child.Run("dotnet", [Program, .. arguments]);
        }

        var tally = new Tally();
        return RunTargets(tally, Asked(arguments), [.. WithoutTarget(arguments)]) ? tally.Report(skippedFails: false) : 64;
    }

    /// <summary>Runs all targets for a moment, one test each. What they run is built already.</summary>
    public static void RunAsTests(Tally tally)
    {
        Console.WriteLine("---- Fuzz");
        RunTargets(tally, null, ["--seconds", Environment.GetEnvironmentVariable("OPSAGENT_FUZZ_SECONDS") ?? SecondsInTests]);
    }

    private static bool RunTargets(Tally tally, string? only, string[] arguments)
    {
        var targets = Child.Read("dotnet", Program, "--list").Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (only is not null && !targets.Contains(only))
        {
            throw new UsageException($"no target '{only}': there are {string.Join(", ", targets)}");
        }

        var codes = new int[targets.Length];
        var width = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, Math.Min(2, Environment.ProcessorCount)) };
        Parallel.For(0, targets.Length, width, i =>
        {
            if (only is null || targets[i] == only)
            {
                codes[i] = Child.Run("dotnet", [Program, "--target", targets[i], .. arguments]);
            }
        });
        if (codes.Contains(64))
        {
            return false;
        }

        for (var i = 0; i < targets.Length; i++)
        {
            if (only is null || targets[i] == only)
            {
                tally.Count($"fuzz {targets[i]}", codes[i]);
            }
        }

        return true;
    }

    private static string? Asked(string[] arguments) =>
        Array.IndexOf(arguments, "--target") is >= 0 and var at ? arguments.ElementAtOrDefault(at + 1) ?? throw new UsageException("--target of what?") : null;

    private static IEnumerable<string> WithoutTarget(string[] arguments) =>
        arguments.Where((argument, i) => argument != "--target" && (i == 0 || arguments[i - 1] != "--target"));
}
