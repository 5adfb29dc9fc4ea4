using System.Text.RegularExpressions;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp.Docs;

public sealed partial class StompPageTests
{
    [Fact]
    public void The_pages_examples_are_those_that_run()
    {
        var page = Blocks().Matches(Read("docs", "stomp.md")).Select(m => m.Groups[1].Value.TrimEnd()).ToList();
        var run = Regions().Matches(Read("tests", "Unit", "Stomp", "Docs", "StompExamples.cs")).Select(m => Dedented(m.Groups[2].Value)).ToList();

        Assert.NotEmpty(run);
        Assert.Equal(run.Order(StringComparer.Ordinal), page.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void The_packages_readme_begins_with_the_pages_first_program() =>
        Assert.Equal(Blocks().Match(Read("docs", "stomp.md")).Value, Blocks().Match(Read("src", "Stomp", "README.md")).Value);

    private static string Read(params string[] path) => File.ReadAllText(Path.Combine([Repository.Root, .. path]));

    private static string Dedented(string text)
    {
        var lines = text.TrimEnd().Split('\n');
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..] : ""));
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Blocks();

    [GeneratedRegex(@"^ *#region (.*?)\n(.*?)^ *#endregion", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Regions();
}
