using System.Text.RegularExpressions;
using OpsAgent.Abstractions;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>docs/capabilities.md lists every key, type, variable and outcome that the reader knows, and no other.</summary>
public sealed partial class CapabilitiesPageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/capabilities.md");

    private static readonly IReadOnlyList<CodeBlock> Manifests = Page.BlocksIn("toml");

    [Fact]
    public void Every_capability_of_the_page_is_valid_beside_the_shipped_ones()
    {
        var shipped = Checkout.Read("agents/prodops.toml");

        var reading = ManifestReader.Parse(string.Join('\n', Manifests.Select(b => b.Text).Prepend(shipped)), Page.Path, new Dictionary<string, string>());

        Assert.Empty(reading.Errors);
        Assert.Equal(["fetch_payload_log", "submit_example", "summarize_log"], reading.Manifest!.Capabilities.Select(c => c.MsgType.Value).Order());
    }

    [Fact]
    public void Every_key_that_the_page_lists_stands_in_its_last_example_which_the_reader_takes()
    {
        var example = TomlDocument.Parse(Manifests[^1].Text, Page.Path);
        var capability = Table(Table(example, "capability"), "submit_example");

        Assert.Equal(Listed("[lane.NAME]"), Keys(Table(Table(example, "lane"), "submit")));
        Assert.Equal(Listed("[credential.NAME]"), Keys(Table(Table(example, "credential"), "evgen_proxy")));
        Assert.Equal(Listed("[capability.NAME]"), Keys(capability));
        Assert.Equal(Listed("ok_needs"), Keys(Table(capability, "ok_needs")));
        Assert.Equal(Listed("[capability.NAME.record]"), Keys(Table(capability, "record")));
        Assert.Equal(Listed("Reference"), Keys(Table(capability, "timeout")));
        Assert.Equal(Listed("fields.NAME"), Table(capability, "fields").SelectMany(f => ((TomlTable)f.Value).Keys).Distinct().Order());
        Assert.Equal(Listed("exit_codes").Except(["0", "255"]), Keys(Table(capability, "exit_codes")).Where(k => !k.All(char.IsAsciiDigit)));
    }

    [Fact]
    public void Every_variable_is_listed() =>
        Assert.Equal(
            BuiltInVariables.All.Order(),
            Page.Section("Templates").FirstCells().Where(v => v.StartsWith('{')).Select(v => v.Trim('{', '}')).Order());

    [Fact]
    public void Every_type_is_listed()
    {
        // The reader names them all when it meets one that it does not know.
        var told = Mistake("[capability.x.fields]\na = { type = \"nothing\" }");

        Assert.Equal(
            TypeList().Match(told).Groups[1].Value.Split(", ").Order(),
            Page.Section("fields.NAME").FirstCells(1).Order());
    }

    [Fact]
    public void Every_outcome_that_may_have_an_event_is_listed()
    {
        var section = Page.Section("[[capability.NAME.on.OUTCOME]]");
        var listed = MarkdownSection.CodeIn(section.Text[..section.Text.IndexOf("; what they mean", StringComparison.Ordinal)]).Where(c => c != "OUTCOME");

        Assert.Equal(OutcomeNames.All.Where(o => o != "skipped").Order(), listed.Order());
    }

    private static IEnumerable<string> Listed(string section) => Page.Section(section).FirstCells().Order();

    private static IEnumerable<string> Keys(TomlTable table) => table.Keys.Order();

    private static TomlTable Table(TomlTable parent, string key) => (TomlTable)parent[key];

    private static string Mistake(string text) =>
        ManifestReader.Parse(text, "m.toml", new Dictionary<string, string>()).Errors.Select(e => e.ToString()).First(e => e.Contains(".type:", StringComparison.Ordinal));

    [GeneratedRegex("must be one of ([a-z_, ]+)")]
    private static partial Regex TypeList();
}
