using System.Xml.Linq;

namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>The checkout that these tests were built from.</summary>
internal static class Checkout
{
    public static string Root { get; } = FindRoot();

    /// <summary>Every project of the solution's two halves, by path from the root.</summary>
    public static IReadOnlyList<ProjectFile> Projects { get; } =
        [.. Files("src", "*.csproj").Concat(Files("tests", "*.csproj")).Select(path => new ProjectFile(path, ReadXml(path)))];

    /// <summary>Every C# file that somebody wrote, by path from the root.</summary>
    public static IReadOnlyList<string> Sources { get; } =
        ["build.cs", .. Files("build", "*.cs"), .. Files("src", "*.cs"), .. Files("tests", "*.cs")];

    public static string Read(string path) => File.ReadAllText(Path.Combine(Root, path));

    public static XDocument ReadXml(string path) => XDocument.Load(Path.Combine(Root, path));

    /// <summary>Paths from the root with '/' between their parts; what the compiler made is left out.</summary>
    public static IEnumerable<string> Files(string folder, string pattern) =>
        Directory.EnumerateFiles(Path.Combine(Root, folder), pattern, SearchOption.AllDirectories)
            .Select(path => Path.GetRelativePath(Root, path).Replace('\\', '/'))
            .Where(path => !path.Contains("/bin/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal);

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "OpsAgent.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException($"no OpsAgent.sln above {AppContext.BaseDirectory}");
    }
}
