namespace OpsAgent.Tests.Support.Agents;

/// <summary>The published deploy tree under test.</summary>
public static class Deployment
{
    /// <summary>
    /// <c>OPSAGENT_DEPLOY</c>, which the test command sets after it has published; else what it left in <c>artifacts/deploy</c>.
    /// </summary>
    public static string Folder { get; } = Find();

    /// <summary>The agent.</summary>
    public static string Agent => Path.Combine(Folder, "bin", "opsagent");

    /// <summary>The operator's command line.</summary>
    public static string OpsCtl => Path.Combine(Folder, "bin", "opsctl");

    private static string Find()
    {
        var folder = Environment.GetEnvironmentVariable("OPSAGENT_DEPLOY") is { Length: > 0 } given ? given : Path.Combine(Repository.Root, "artifacts", "deploy");
        return File.Exists(Path.Combine(folder, "bin", "opsagent"))
            ? folder
            : throw new InvalidOperationException($"there is no published agent in {folder}: run ./build.sh test, which publishes first, or ./build.sh publish artifacts/deploy");
    }
}
