using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Templates;
using OpsAgent.Tests.Support.Docs;
using OpsAgent.Tests.Unit.Architecture;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Docs;

/// <summary>docs/capabilities.md lists every key, type, variable and outcome that the reader knows, and no other.</summary>
public sealed class CapabilitiesPageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Read("docs/capabilities.md");

    private static readonly IReadOnlyList<CodeBlock> Manifests = Page.BlocksIn("toml");

    [Fact]
    public void Every_capability_of_the_page_is_valid_beside_the_shipped_ones()
    {
        var shipped = Checkout.Read("agents/prodops.toml");

        var reading = ManifestReader.Parse(string.Join('\n', Manifests.Select(b => b.Text).Prepend(shipped)), Page.Path, new Dictionary<string, string>());

        Assert.Empty(reading.Errors);
        var all = reading.Manifest!.Capabilities.Select(c => c.MsgType.Value).ToList();
        Assert.Contains("submit_example", all);
        Assert.Contains("summarize_log", all);
    }

    [Fact]
    public void Every_key_that_the_page_lists_stands_in_its_last_example_which_the_reader_takes()
    {
        var example = TomlDocument.Parse(Manifests[^1].Text, Page.Path);
        var capability = Table(Table(example, "capability"), "submit_example");

        Assert.Equal(Listed("[lane.NAME]"), Keys(Table(Table(example, "lane"), "example")));
        Assert.Equal(Listed("[credential.NAME]"), Keys(Table(Table(example, "credential"), "evgen_proxy")));
        Assert.Equal(Listed("[capability.NAME]"), Keys(capability));
        Assert.Equal(Listed("[message.shutdown]"), Keys(Table(Table(example, "message"), "shutdown")));
        Assert.Equal(Listed("ok_needs"), Keys(Table(capability, "ok_needs")));
        Assert.Equal(Listed("limits"), Keys(Table(capability, "limits")));
        Assert.Equal(Listed("sandbox"), Keys(Table(capability, "sandbox")));
        Assert.Equal(Listed("[capability.NAME.record]"), Keys(Table(capability, "record")));
        Assert.Equal(Listed("[[capability.NAME.look_up]]"), Keys((TomlTable)((TomlArray)capability["look_up"])[0]));
        Assert.Equal(Listed("Reference"), Keys(Table(capability, "timeout")));
        Assert.Equal(Listed("fields.NAME"), Table(capability, "fields").SelectMany(f => ((TomlTable)f.Value).Keys).Distinct().Order());
        Assert.Equal(Listed("exit_codes").Except(["0", "255"]), Keys(Table(capability, "exit_codes")).Where(k => !k.All(char.IsAsciiDigit)));
    }

    [Fact]
    public void Every_key_that_the_reader_takes_is_listed_and_no_other()
    {
        AssertLists("[lane.NAME]", LaneKeys.Form.Keys);
        AssertLists("[credential.NAME]", CredentialKeys.Form.Keys);
        AssertLists("[capability.NAME]", CapabilityKeys.Form.Keys);
        AssertLists("[message.shutdown]", SenderKeys.Form.Keys);
        AssertLists("fields.NAME", FieldKeys.Form.Keys);
        AssertLists("exit_codes", OutcomeKeys.CodesForm.Keys, "0", "255");
        AssertLists("ok_needs", OutcomeKeys.NeedsForm.Keys);
        AssertLists("limits", LimitKeys.Form.Keys);
        AssertLists("sandbox", SandboxKeys.Form.Keys);
        AssertLists("[[capability.NAME.on.OUTCOME]]", EventKeys.Form.Keys);
        AssertLists("[capability.NAME.record]", RecordKeys.Form.Keys);
        AssertLists("[[capability.NAME.look_up]]", LookUpKeys.Form.Keys);
        AssertLists("Reference", SpanKey.FromEnvironment.Keys);
    }

    [Fact]
    public void Every_word_that_a_key_takes_is_told()
    {
        foreach (var key in CapabilityKeys.Form.Keys.OfType<WordKey>())
        {
            AssertTells("[capability.NAME]", key);
        }

        AssertTells("exit_codes", OutcomeKeys.AfterTimeout);
        AssertTells("exit_codes", OutcomeKeys.AfterSignal);
        AssertTells("ok_needs", OutcomeKeys.Otherwise);
        AssertTells("[capability.NAME.record]", RecordKeys.Sublevel);
        Assert.Equal(OutcomeKeys.Code.Words.Order(), WordsOf(Row("exit_codes", "0")).Order());
    }

    [Fact]
    public void Every_variable_is_listed() =>
        Assert.Equal(
            BuiltInVariables.All.Order(),
            Page.Section("Templates").FirstCells().Where(v => v.StartsWith('{')).Select(v => v.Trim('{', '}')).Order());

    [Fact]
    public void Every_type_is_listed() =>
        Assert.Equal(FieldTypeForm.All.Select(t => t.Name).Order(), Page.Section("fields.NAME").FirstCells(1).Order());

    [Fact]
    public void Every_outcome_that_may_have_an_event_is_listed()
    {
        var section = Page.Section("[[capability.NAME.on.OUTCOME]]");
        var listed = MarkdownSection.CodeIn(section.Text[..section.Text.IndexOf("; what they mean", StringComparison.Ordinal)]).Where(c => c != "OUTCOME");

        Assert.Equal(EventKeys.OnForm.Keys.Select(k => k.Name).Order(), listed.Order());
    }

    /// <summary>The keys, and which of them are required.</summary>
    private static void AssertLists(string section, IEnumerable<Key> keys, params string[] besides)
    {
        var rows = Page.Section(section).Tables[0].SelectMany(row => MarkdownSection.CodeIn(row[0]).Select(name => (Name: name, Required: row[1].StartsWith("required", StringComparison.Ordinal))));

        Assert.Equal(
            (section, string.Join(' ', keys.Select(k => k.Required ? $"{k.Name}!" : k.Name).Order())),
            (section, string.Join(' ', rows.Where(r => !besides.Contains(r.Name)).Select(r => r.Required ? $"{r.Name}!" : r.Name).Order())));
    }

    private static void AssertTells(string section, WordKey key) =>
        Assert.Equal((key.Name, ""), (key.Name, string.Join(' ', key.Words.Except(WordsOf(Row(section, key.Name))))));

    private static IReadOnlyList<string> Row(string section, string key) =>
        Page.Section(section).Tables[0].Single(row => MarkdownSection.CodeIn(row[0]).Contains(key));

    private static IEnumerable<string> WordsOf(IReadOnlyList<string> row) => row.Skip(1).SelectMany(MarkdownSection.CodeIn).Select(c => c.Trim('"'));

    private static IEnumerable<string> Listed(string section) => Page.Section(section).FirstCells().Order();

    private static IEnumerable<string> Keys(TomlTable table) => table.Keys.Order();

    private static TomlTable Table(TomlTable parent, string key) => (TomlTable)parent[key];
}
