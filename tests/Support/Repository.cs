namespace OpsAgent.Tests.Support;

/// <summary>The checkout that the tests run from.</summary>
public static class Repository
{
    /// <summary>Its top folder: the one that holds the solution.</summary>
    public static string Root { get; } = Find(AppContext.BaseDirectory);

    private static string Find(string folder) =>
        File.Exists(Path.Combine(folder, "OpsAgent.sln")) ? folder
        : Directory.GetParent(folder) is { } parent ? Find(parent.FullName)
        : throw new InvalidOperationException("the tests do not run from inside a checkout: OpsAgent.sln was not found above them");
}
