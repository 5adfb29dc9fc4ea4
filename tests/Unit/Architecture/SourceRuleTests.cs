using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Unit.Architecture;

public sealed class SourceRuleTests(ITestOutputHelper output)
{
    [Fact]
    public void Every_source_file_keeps_the_rules()
    {
        var texts = Checkout.Sources.Select(path => (Path: path, Text: Checkout.Read(path))).ToList();
        var lengths = texts.Select(file => SourceRules.LineCount(file.Text)).Order().ToList();
        output.WriteLine($"{lengths.Count} files, median {lengths[lengths.Count / 2]} lines, longest {lengths[^1]}");
        Breaches.None(texts.SelectMany(file => SourceRules.Breaches(file.Path, file.Text)));
    }

    [Theory]
    [InlineData("namespace A\n{\n}\n", "file-scoped")]
    [InlineData("namespace A {\n}\n", "file-scoped")]
    [InlineData("var pid = Libc.WaitPid" + "( -1, out status, 0);\n", "any child")]
    [InlineData("internal sealed class PathHelper;\n", "PathHelper")]
    [InlineData("public readonly record struct LaneManager(int Slots);\n", "LaneManager")]
    [InlineData("internal interface ICommonOptions;\n", "ICommonOptions")]
    [InlineData("#pragma warning disable CA1001\n", "say why")]
    public void A_breach_is_named(string text, string expected) =>
        Assert.Contains(expected, Assert.Single(SourceRules.Breaches("bad.cs", text)), StringComparison.Ordinal);

    [Fact]
    public void A_file_of_401_lines_is_too_long_and_one_of_400_is_not()
    {
        Assert.Single(SourceRules.Breaches("long.cs", string.Concat(Enumerable.Repeat("//\n", 401))));
        Assert.Empty(SourceRules.Breaches("long.cs", string.Concat(Enumerable.Repeat("//\n", 400))));
    }

    [Fact]
    public void Clean_text_breaks_nothing() =>
        Assert.Empty(SourceRules.Breaches("good.cs", """
            namespace OpsAgent.Agent;

            // No class Helper here.
            #pragma warning disable CA1001 // the host disposes it
            internal sealed record Lane(int Slots);
            """));
}
