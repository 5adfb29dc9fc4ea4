namespace OpsAgent.Tests.Support;

/// <summary>What the test command found missing on this machine.</summary>
public static class ServersHere
{
    /// <summary>Set by ./build.sh test: the Debian packages that are missing, separated by spaces.</summary>
    public const string Variable = "OPSAGENT_MISSING";

    /// <summary>Why a test that needs these packages can't run, for the Skip of a fact; null if it can.</summary>
    public static string? Missing(params string[] packages) =>
        MissingOf(packages, Environment.GetEnvironmentVariable(Variable));

    /// <summary>As <see cref="Missing"/>, with the variable's value given.</summary>
    public static string? MissingOf(IEnumerable<string> packages, string? value)
    {
        var missing = packages.Intersect((value ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)).ToList();
        return missing.Count == 0 ? null : $"not installed: {string.Join(' ', missing)}";
    }
}
