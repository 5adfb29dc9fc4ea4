using System.Xml.Linq;

namespace OpsAgent.Tests.Unit.Architecture;

/// <summary>Rules of the project files.</summary>
internal static class BuildRules
{
    /// <summary>Packages whose version is not the central one, or has none.</summary>
    public static IEnumerable<string> VersionBreaches(ProjectFile project, IReadOnlySet<string> central) =>
        project.Packages
            .Where(package => package.HasElements
                || package.Attributes().Any(attribute => attribute.Name.LocalName is "Version" or "VersionOverride")
                || !central.Contains((string)package.Attribute("Include")!))
            .Select(package => $"{project.Path}: {package} has no central version");

    /// <summary>Only tests, and the proxies that Moq makes for them, see what is internal.</summary>
    public static IEnumerable<string> FriendBreaches(ProjectFile project) =>
        project.Xml.Descendants("InternalsVisibleTo")
            .Select(friend => (string?)friend.Attribute("Include") ?? "")
            .Where(friend => friend != "DynamicProxyGenAssembly2")
            .Where(friend => !friend.StartsWith("OpsAgent.Tests.", StringComparison.Ordinal))
            .Select(friend => $"{project.Path}: {friend} must not see what is internal");

    public static IReadOnlySet<string> CentralVersions(XDocument packages) =>
        packages.Descendants("PackageVersion").Select(package => (string)package.Attribute("Include")!).ToHashSet();
}
