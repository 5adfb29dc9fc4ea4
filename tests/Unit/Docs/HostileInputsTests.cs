using System.Text.RegularExpressions;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>Whatever docs/security.md names as the proof of a thing is there.</summary>
public sealed partial class HostileInputsTests
{
    private const string Page = "docs/security.md";

    private static readonly IReadOnlyList<IReadOnlyList<string>> Rows = MarkdownPage.Read(Page).Section("Hostile inputs").Tables[0];

    [Fact]
    public void Each_input_has_what_it_got_and_a_test_that_is_there()
    {
        Assert.True(Rows.Count > 40, $"only {Rows.Count} inputs were found");
        Assert.DoesNotContain(Rows, static r => r.Count != 4 || r[1].Length == 0 || r[2].Length == 0);
        Assert.DoesNotContain(Rows.Select(static r => MarkdownSection.CodeIn(r[3]).Single()), static t => !IsTest(t));
    }

    [Fact]
    public void No_test_is_named_for_two_inputs() => Assert.Equal(Rows.Count, Rows.Select(static r => r[3]).Distinct().Count());

    [Fact]
    public void Every_class_or_file_of_tests_that_the_page_names_is_there()
    {
        var named = MarkdownPage.Read(Page).Sections.SelectMany(static s => MarkdownSection.CodeIn(s.Text))
            .Where(static c => c.StartsWith("tests/", StringComparison.Ordinal) || ClassName().IsMatch(c)).ToList();

        Assert.True(named.Count > 20, $"only {named.Count} were found");
        Assert.DoesNotContain(named, static c => !IsThere(c));
    }

    [Theory]
    [InlineData("NoTests.Anything")]
    [InlineData("FolderTests.Anything")]
    [InlineData("FolderTests")]
    public void One_that_is_not_there_would_be_seen(string name) => Assert.False(IsTest(name));

    private static bool IsTest(string name) =>
        name.Split('.') is [var type, var method] && FilesOf(type).Any(file => Checkout.Read(file).Contains($" {method}(", StringComparison.Ordinal));

    private static bool IsThere(string name) => name.StartsWith("tests/", StringComparison.Ordinal)
        ? Path.Exists(Path.Combine(Repository.Root, name))
        : FilesOf(name).Any();

    private static IEnumerable<string> FilesOf(string type) =>
        Checkout.Sources.Where(p => p.StartsWith("tests/", StringComparison.Ordinal) && p.EndsWith($"/{type}.cs", StringComparison.Ordinal));

    [GeneratedRegex("^[A-Z][A-Za-z]+Tests$")]
    private static partial Regex ClassName();
}
