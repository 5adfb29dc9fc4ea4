using System.Globalization;
using System.Text.RegularExpressions;
using OpsAgent.OpsCtl.CommandLine;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;
using OpsAgent.Tests.Unit.OpsCtl;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>What a page tells an operator to type is what the program takes.</summary>
public sealed partial class OpsctlCommandsTests
{
    private static readonly Dictionary<string, string> Placeholders = new(StringComparer.Ordinal)
    {
        ["D"] = "5s", ["N"] = "3", ["OUTCOME"] = "ok", ["TYPE"] = "note", ["$step"] = "note",
    };

    public static TheoryData<string> Pages => [.. Checkout.Files("docs", "*.md"), "README.md"];

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_command_of_a_page_has_only_words_that_opsctl_knows(string path)
    {
        var page = MarkdownPage.Read(path);
        var inText = page.Sections.SelectMany(static s => MarkdownSection.CodeIn(s.Text)).Where(static c => !c.Contains('['));
        Assert.DoesNotContain(inText.SelectMany(CommandsIn), static c => Parse(c).UnmatchedTokens.Count > 0);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Each_command_of_a_block_is_whole(string path)
    {
        var blocks = MarkdownPage.Read(path).Blocks.Where(static b => b.Language is "sh" or "bash");
        Assert.DoesNotContain(blocks.SelectMany(static b => CommandsIn(b.Text)).Where(IsPartOfNoPipe), static c => Parse(c).Errors.Count > 0);
    }

    [Fact]
    public void Many_are_looked_at()
    {
        var page = MarkdownPage.Read("docs/operations.md");
        Assert.True(page.Blocks.Where(static b => b.Language == "sh").Sum(static b => CommandsIn(b.Text).Count) >= 9, "few in blocks");
        Assert.True(page.Sections.SelectMany(static s => MarkdownSection.CodeIn(s.Text)).Sum(static c => CommandsIn(c).Count) >= 20, "few in the text");
    }

    [Theory]
    [InlineData("opsctl work list --json", false)]
    [InlineData("opsctl work lists", false)]
    [InlineData("sudo -u x /opt/bin/opsctl work list --sender \"key web\" -o json | jq .", true)]
    public void A_mistake_is_seen(string code, bool isGood) => Assert.Equal(isGood, Parse(Assert.Single(CommandsIn(code))).UnmatchedTokens.Count == 0);

    private static System.CommandLine.ParseResult Parse(string command) =>
        OpsCtlRun.Tree().Parse([.. Words(command)], CommandTree.Parsing);

    private static List<string> CommandsIn(string code) => [.. Command().Matches(code.Replace("\\\n", " ", StringComparison.Ordinal)).Select(static m => m.Groups[1].Value.TrimEnd())];

    // xargs gives what is missing.
    private static bool IsPartOfNoPipe(string command) => command != "work cancel";

    private static IEnumerable<string> Words(string command) => Word().Matches(command)
        .Select(static m => m.Value.Trim('"', '\''))
        .TakeWhile(static w => w != "...")
        .Select(static w => Placeholders.GetValueOrDefault(w, w).Replace("...", "", false, CultureInfo.InvariantCulture));

    [GeneratedRegex("""(?<![\w-])opsctl ([a-z](?:"[^"]*"|'[^']*'|[^|;&)<>"'`\n#])*)""")]
    private static partial Regex Command();

    [GeneratedRegex("""(?:"[^"]*"|'[^']*'|[^\s"'])+""")]
    private static partial Regex Word();
}
