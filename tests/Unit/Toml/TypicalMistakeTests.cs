using System.Text;
using System.Text.RegularExpressions;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Toml;

/// <summary>Mistakes people make in the agent's configuration, each found at its exact place whatever stands above it.</summary>
public sealed partial class TypicalMistakeTests
{
    private const string MissingQuote = " (is a quote missing in what stands before it?)";
    private const string Escapes = "expected one of \\b \\t \\n \\f \\r \\\" \\\\ \\uXXXX \\UXXXXXXXX "
        + "(a backslash itself is \\\\, or any in a string in single quotes)";

    /// <summary>What the mistake is; the good text; the bad one, '▶' before the character to be named; the problem, '«text»'
    /// in it standing for the line in which that text is.</summary>
    public static TheoryData<string, string, string, string> Mistakes => new()
    {
        {
            "closing quote missing", "namespace = \"prod\"", "namespace = ▶\"prod",
            "this string is not closed: expected a double quote before the end of the line"
        },
        { "opening quote missing", "= \"fetch\"", "= ▶fetch\"", "expected a value, found 'fetch\"' (a string needs quotes)" },
        {
            "quotes missing around a duration", "\"180s\"", "180▶s",
            "expected the number to end here, or quotes around a string, found 's' in '180s'"
        },
        {
            "quote missing in a list", "{scope}\", \"--lfn", "{scope}, \"▶--lfn",
            "expected ',' or ']' in the array of line «doer        =», found '-'" + MissingQuote
        },
        {
            "comma missing in a list", "\"RUCIO_*\",\n  \"SWF", "\"RUCIO_*\"\n  ▶\"SWF",
            "expected ',' or ']' in the array of line «environment =», found a double quote"
        },
        {
            "bracket missing", "{pandaid}\"]\nflags", "{pandaid}\"\n▶flags",
            "expected ',' or ']' in the array of line «doer        =», found 'f'"
        },
        {
            "comma missing in an inline table", "\"rucio_scope\", required", "\"rucio_scope\" ▶required",
            "expected ',' or '}' in the inline table, found 'r'" + MissingQuote
        },
        {
            "comma too many in an inline table", "\"--force\" }", "\"--force\", ▶}",
            "an inline table has no comma after its last value: expected a key, found '}'"
        },
        {
            "inline table over two lines", "{ type = \"id\", required", "{ type = \"id\",▶\n required",
            "an inline table stays on one line: expected '}', found the end of the line"
        },
        {
            "key given twice", "max_age     = \"1h\"", "▶lane = \"1h\"",
            "the key 'lane' is defined already in line «lane        =»: expected a key once in its table"
        },
        {
            "table given twice", "[capability.fetch_payload_log.fields]", "[▶testbed]",
            "the table 'testbed' is defined already in line «[testbed]\nname»: expected a header once"
        },
        {
            "single brackets for one more of a list",
            "[[capability.fetch_payload_log.on.failed]]",
            "[capability.fetch_payload_log.on.▶ok]",
            "'capability.fetch_payload_log.on.ok' is an array of tables since line «[[capability.fetch_payload_log.on.ok]]»: "
            + "expected double brackets for one more of them"
        },
        { "unknown escape", "\"exit code {exit}", "\"C:▶\\data {exit}", "a backslash before 'd' is no escape: " + Escapes },
        { "short escape", "\\u2013 see", "\\u20▶ see", "expected 4 hexadecimal digits after \\u, found a space" },
        { "equals sign missing", "retries   = 3", "retries   ▶3", "expected '=' after the key 'retries', found '3'" },
        { "colon instead of equals sign", "retries   = 3", "retries▶: 3", "expected '=' after the key 'retries', found ':'" },
        { "value missing", "retries   = 3", "retries   =▶", "expected a value, found the end of the line" },
        { "two decimal points", "1.5", "1.5▶.0", "expected the number to end here, or quotes around a string, found '.' in '1.5.0'" },
        { "capital boolean", "enabled   = true", "enabled   = ▶True", "expected 'true' in lower case, found 'True'" },
        {
            "header not closed", "log.on.ok]]", "log.on.ok▶]",
            "expected ']]' after the table's name 'capability.fetch_payload_log.on.ok', found ']'"
        },
        {
            "slash in a key", "pandaid  = \"{pandaid}\"", "panda▶/id  = \"{pandaid}\"",
            "'/' is not allowed in a bare key: expected letters, digits, '_' or '-', or a key in quotes"
        },
        { "no such day", "2026-01-31T12", "2026-01-▶32T12", "expected a day from 01 to 31 for this month, found '32'" },
        {
            "multi-line string not closed",
            "\"\"\"\nLook at the doer's log \\\nfirst.\"\"\"",
            "▶\"\"\"\nLook at the doer's log \\\nfirst.\"\"",
            "this multi-line string is not closed: expected three double quotes before the end of the file"
        },
        {
            "value where a table is meant", "[capability.fetch_payload_log.fields]", "[capability.fetch_payload_log.▶lane.fields]",
            "'capability.fetch_payload_log.lane' is a string in line «lane        =»: expected a table"
        },
    };

    [Fact]
    public void The_file_without_a_mistake_is_read() =>
        Assert.Equal(["testbed", "capability"], TomlDocument.Parse(ProdopsSample.Text).Keys);

    [Theory]
    [MemberData(nameof(Mistakes))]
    public void A_mistake_is_named_at_its_exact_place(string mistake, string good, string bad, string problem)
    {
        Assert.Equal(2, ProdopsSample.Text.Split(good).Length);
        Prop.ForAll(Surroundings(), surroundings =>
        {
            var marked = surroundings.Above + ProdopsSample.Text.Replace(good, bad, StringComparison.Ordinal);
            var place = Place.Of(marked, marked.IndexOf('▶', StringComparison.Ordinal));
            var document = marked.Replace("▶", "", StringComparison.Ordinal);
            var expected = LinePattern().Replace(problem, m => LineOf(m.Groups[1].Value, document));
            if (surroundings.IsCrlf)
            {
                document = document.Replace("\n", "\r\n", StringComparison.Ordinal);
            }

            var refusal = Assert.Throws<TomlException>(() => TomlDocument.Parse(Encoding.UTF8.GetBytes(document), mistake));
            Assert.Equal($"{mistake}:{place}: {expected}", refusal.Message);
        }).QuickCheckThrowOnFailure();
    }

    private static string LineOf(string text, string document) =>
        $"{Place.Of(document, document.LastIndexOf(text, StringComparison.Ordinal)).Line}";

    /// <summary>Lines of many kinds above the file, and either kind of line end.</summary>
    private static Arbitrary<(string Above, bool IsCrlf)> Surroundings()
    {
        var line = Gen.Elements(
            "", " \t", "# é \U0001F600 «»", "{0} = \"é\"", "{0}.a = [\n1, # x\n\n2 ]",
            "{0} = '''\n\n'''", "{0} = \"\"\"\\\n  x\"\"\"", "[{0}]", "[[{0}]]\nlane = 1");
        return Gen.Zip(line.ListOf(), Gen.Elements(true, false))
            .Select(static pair => (string.Concat(pair.Item1.Select(Numbered)), pair.Item2))
            .ToArbitrary();
    }

    private static string Numbered(string line, int number) =>
        line.Replace("{0}", $"pad{number}", StringComparison.Ordinal) + "\n";

    [GeneratedRegex("«(.*?)»", RegexOptions.Singleline)]
    private static partial Regex LinePattern();
}
