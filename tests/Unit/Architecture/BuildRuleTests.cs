using System.Xml.Linq;
using Xunit;

namespace OpsAgent.Tests.Unit.Architecture;

public sealed class BuildRuleTests
{
    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Checkout.Read("OpsAgent.sln").Replace('\\', '/');
        Assert.NotEmpty(Checkout.Projects);
        Assert.All(Checkout.Projects, project => Assert.Contains($"\"{project.Path}\"", solution, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_project_locks_its_packages()
    {
        var folders = Checkout.Projects.Select(project => Path.GetDirectoryName(project.Path)!);
        Breaches.None(folders.Where(folder => !File.Exists(Path.Combine(Checkout.Root, folder, "packages.lock.json"))));
    }

    [Fact]
    public void Every_package_has_its_version_from_the_central_list()
    {
        var central = BuildRules.CentralVersions(Checkout.ReadXml("Directory.Packages.props"));
        Assert.NotEmpty(central);
        Breaches.None(Checkout.Projects.SelectMany(project => BuildRules.VersionBreaches(project, central)));
    }

    [Theory]
    [InlineData("<PackageReference Include=\"Moq\" Version=\"4.21.0\" />")]
    [InlineData("<PackageReference Include=\"Moq\" VersionOverride=\"4.21.0\" />")]
    [InlineData("<PackageReference Include=\"Moq\"><Version>4.21.0</Version></PackageReference>")]
    [InlineData("<PackageReference Include=\"NotListed\" />")]
    public void A_version_of_a_projects_own_is_a_breach(string reference)
    {
        var xml = XDocument.Parse($"<Project><ItemGroup>{reference}</ItemGroup></Project>");
        Assert.Single(BuildRules.VersionBreaches(new ProjectFile("src/A/A.csproj", xml), new HashSet<string> { "Moq" }));
    }

    [Fact]
    public void Only_the_STOMP_library_is_made_a_package()
    {
        Assert.Equal("false", (string?)Checkout.ReadXml("Directory.Build.props").Descendants("IsPackable").SingleOrDefault());
        var packages = Checkout.Projects.Where(project => project.Xml.Descendants("IsPackable").Any());
        Assert.Equal("src/Stomp/Stomp.csproj", Assert.Single(packages).Path);
    }

    [Fact]
    public void Only_tests_see_what_is_internal()
    {
        Breaches.None(Checkout.Projects.SelectMany(BuildRules.FriendBreaches));
        Assert.All(
            Checkout.Files("src", "*.cs"),
            path => Assert.DoesNotContain("assembly: InternalsVisibleTo", Checkout.Read(path), StringComparison.Ordinal));
    }

    [Fact]
    public void A_friend_that_is_no_test_is_a_breach()
    {
        var xml = XDocument.Parse("<Project><ItemGroup><InternalsVisibleTo Include=\"opsctl\" /></ItemGroup></Project>");
        Assert.Single(BuildRules.FriendBreaches(new ProjectFile("src/Agent/Agent.csproj", xml)));
    }

    [Theory]
    [InlineData("P:System.DateTime.Now")]
    [InlineData("P:System.DateTime.UtcNow")]
    [InlineData("P:System.DateTimeOffset.UtcNow")]
    [InlineData("M:System.Threading.Thread.Sleep(System.Int32)")]
    [InlineData("M:System.Threading.Tasks.Task.Delay(System.TimeSpan)")]
    public void Clocks_and_sleeps_are_banned_everywhere(string symbol) =>
        Assert.Contains($"\n{symbol};", "\n" + Checkout.Read("BannedSymbols.txt"), StringComparison.Ordinal);

    [Theory]
    [InlineData("T:System.Diagnostics.Process")]
    [InlineData("T:System.Diagnostics.ProcessStartInfo")]
    [InlineData("T:System.Console")]
    public void Processes_and_the_console_are_banned_in_the_agent(string symbol) =>
        Assert.Contains($"\n{symbol};", "\n" + Checkout.Read("src/Agent/BannedSymbols.txt"), StringComparison.Ordinal);

    [Fact]
    public void The_bans_reach_the_compiler_and_nothing_lifts_them()
    {
        var props = Checkout.ReadXml("Directory.Build.props");
        Assert.Contains("Microsoft.CodeAnalysis.BannedApiAnalyzers", Included(props, "PackageReference"));
        Assert.Contains("$(MSBuildThisFileDirectory)BannedSymbols.txt", Included(props, "AdditionalFiles"));
        Assert.Contains("BannedSymbols.txt", Included(Checkout.ReadXml("src/Agent/Agent.csproj"), "AdditionalFiles"));
        string[] settings = [".editorconfig", "Directory.Build.props", .. Checkout.Projects.Select(project => project.Path)];
        Breaches.None(settings.Where(path => Checkout.Read(path).Contains("RS0030", StringComparison.Ordinal)));
    }

    [Fact]
    public void The_build_program_is_made_of_all_its_files()
    {
        // By name: for a pattern the SDK would ask at each start what it stands for, which takes seconds.
        var included = Checkout.Read("build.cs").Split('\n').Where(line => line.StartsWith("#:include ", StringComparison.Ordinal));
        Assert.Equal(Checkout.Files("build", "*.cs").Select(path => $"#:include {path}"), included);
    }

    [Fact]
    public void Every_rule_that_is_off_says_why()
    {
        var off = Checkout.Read(".editorconfig").Split('\n').Where(line => line.Contains("= none", StringComparison.Ordinal));
        Assert.All(off, line => Assert.Matches(@"severity = none +# \S+", line));
    }

    private static IEnumerable<string> Included(XDocument project, string item) =>
        project.Descendants(item).Select(element => (string)element.Attribute("Include")!);
}
