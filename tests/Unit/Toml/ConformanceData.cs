namespace OpsAgent.Tests.Unit.Toml;

/// <summary>The cases of the public TOML suite, read from the data folder beside the checkout when it is there.</summary>
internal static class ConformanceData
{
    public static string Folder { get; } = Path.Combine(
        Environment.GetEnvironmentVariable("OPSAGENT_SHARED") is { Length: > 0 } shared ? shared : Path.Combine(Root(), "..", "shared"),
        "toml-test", "tests");

    private static string List => Path.Combine(Folder, "files-toml-1.0.0");

    public static bool IsThere => File.Exists(List);

    /// <summary>Full paths of the .toml files of one kind, "valid" or "invalid".</summary>
    public static IReadOnlyList<string> Cases(string kind) =>
        [.. File.ReadLines(List)
            .Where(l => l.StartsWith(kind + "/", StringComparison.Ordinal) && l.EndsWith(".toml", StringComparison.Ordinal))
            .Select(static l => Path.Combine(Folder, l))];

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
