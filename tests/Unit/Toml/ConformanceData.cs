namespace OpsAgent.Tests.Unit.Toml;

/// <summary>The cases of the public TOML suite, read from the data folder beside the checkout when it is there.</summary>
internal static class ConformanceData
{
    public static string Folder { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("OPSAGENT_SHARED") is { Length: > 0 } shared ? shared : Path.Combine(Root(), "..", "shared"),
        "toml-test", "tests");

    /// <summary>Full paths of the .toml files of one kind, "valid" or "invalid". None if the suite is not there, which is then said.</summary>
    /// <exception cref="InvalidOperationException">It is not there and has to be: under CI a check without cases would always pass.</exception>
    public static IReadOnlyList<string> Cases(string kind, Action<string> say) =>
        Cases(Folder, kind, say, Environment.GetEnvironmentVariable("CI"));

    public static IReadOnlyList<string> Cases(string folder, string kind, Action<string> say, string? ci)
    {
        var list = Path.Combine(folder, "files-toml-1.0.0");
        if (!File.Exists(list))
        {
            var missing = $"the public suite is not at {Path.GetFullPath(folder)} (OPSAGENT_SHARED names another place)";
            if (ci is "true" or "1")
            {
                throw new InvalidOperationException(missing);
            }

            say($"not run: {missing}");
            return [];
        }

        return [.. File.ReadLines(list)
            .Where(l => l.StartsWith(kind + "/", StringComparison.Ordinal) && l.EndsWith(".toml", StringComparison.Ordinal))
            .Select(l => Path.Combine(folder, l))];
    }

    private static string Root()
    {
        var folder = AppContext.BaseDirectory;
        while (!File.Exists(Path.Combine(folder, "OpsAgent.sln")))
        {
            folder = Path.GetDirectoryName(folder) ?? throw new InvalidOperationException($"no checkout above {AppContext.BaseDirectory}");
        }

        return folder;
    }
}
