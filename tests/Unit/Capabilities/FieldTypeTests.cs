using System.Globalization;
using OpsAgent.Capabilities.Fields;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>What each type lets through, refuses, and counts as missing. <c>null</c> as expectation: refused.</summary>
public sealed class FieldTypeTests
{
    private static readonly string Long256 = new('a', 256);

    [Fact]
    public void What_may_look_like_an_option_or_a_way_up_begins_no_argument_and_is_no_path_segment()
    {
        Assert.True(new IntType(0, 9) is { MayBeginArgument: true, IsPathSegment: true });
        Assert.True(new IntType(-1, 9) is { MayBeginArgument: false, IsPathSegment: false });
        Assert.True(new EnumType(["a", "b-c"]) is { MayBeginArgument: true, IsPathSegment: true });
        Assert.True(new EnumType(["a", "-b"]) is { MayBeginArgument: false, IsPathSegment: false });
        Assert.False(new EnumType(["a", "@b"]).MayBeginArgument);
        Assert.All((string[][])[["a", ".."], ["a/b"], [Long256]], static words => Assert.False(new EnumType(words).IsPathSegment));
    }

    [Theory]
    [InlineData("id", "\"12\"", "12")]
    [InlineData("id", "12", "12")]
    [InlineData("id", "\"007\"", "007")]
    [InlineData("id", "\"0\"", "0")]
    [InlineData("id", "9223372036854775807", "9223372036854775807")]
    [InlineData("id", "9999999999999999999", "9999999999999999999")]
    [InlineData("id", "10000000000000000000", null)]
    [InlineData("id", "1.0", null)]
    [InlineData("id", "1e3", null)]
    [InlineData("id", "1e400", null)]
    [InlineData("id", "-1", null)]
    [InlineData("id", "true", null)]
    [InlineData("id", "[1]", null)]
    [InlineData("id", "{\"a\":1}", null)]
    [InlineData("id", "\" 1\"", null)]
    [InlineData("id", "\"1\\n\"", null)]
    [InlineData("id", "\"+1\"", null)]
    [InlineData("id", "\"\\u0661\"", null)]
    [InlineData("id", "\"\\uff11\"", null)]
    [InlineData("id", "\"1\\u0000\"", null)]
    [InlineData("id", "\"../1\"", null)]
    [InlineData("file_name", "\"log.tgz\"", "log.tgz")]
    [InlineData("file_name", "\".hidden\"", ".hidden")]
    [InlineData("file_name", "\"...\"", "...")]
    [InlineData("file_name", "7", "7")]
    [InlineData("file_name", "\".\"", null)]
    [InlineData("file_name", "\"..\"", null)]
    [InlineData("file_name", "\"a/b\"", null)]
    [InlineData("file_name", "\"-rf\"", null)]
    [InlineData("file_name", "\"a b\"", null)]
    [InlineData("file_name", "\"a\\u0000\"", null)]
    [InlineData("file_name", "\"\\ud800\"", null)]
    [InlineData("file_name", "\"\\u00e9\"", null)]
    [InlineData("task_name", "\"epic.26.02/DIS:18x275@x+y=1\"", "epic.26.02/DIS:18x275@x+y=1")]
    [InlineData("task_name", "\"/a\"", "/a")]
    [InlineData("task_name", "\"a..b\"", "a..b")]
    [InlineData("task_name", "\"../evil\"", null)]
    [InlineData("task_name", "\"a/..\"", null)]
    [InlineData("task_name", "\"a/../b\"", null)]
    [InlineData("task_name", "\"-a\"", null)]
    [InlineData("task_name", "\"a;b\"", null)]
    [InlineData("task_name", "\"a$b\"", null)]
    [InlineData("task_name", "\"a\\nb\"", null)]
    [InlineData("rucio_scope", "\"user.wen\"", "user.wen")]
    [InlineData("rucio_scope", "\"a:b\"", null)]
    [InlineData("rucio_scope", "\"..\"", null)]
    [InlineData("rucio_scope", "\"-a\"", null)]
    [InlineData("rucio_scope", "\".a\"", null)]
    [InlineData("rucio_scope", "\"_a\"", null)]
    [InlineData("text", "\"one line\"", "one line")]
    [InlineData("text", "\"-x {b} %n\"", "-x {b} %n")]
    [InlineData("text", "\"\\u00e9\\ud83d\\ude00\"", "é😀")]
    [InlineData("text", "42", "42")]
    [InlineData("text", "4.2", null)]
    [InlineData("text", "\"12345678901\"", null)]
    [InlineData("text", "\"a\\nb\"", null)]
    [InlineData("text", "\"a\\u0000\"", null)]
    [InlineData("text", "\"a\\u001b[\"", null)]
    [InlineData("text", "\"a\\u0085\"", null)]
    [InlineData("text", "\"a\\u2028\"", null)]
    [InlineData("text", "\"\\ud800\"", null)]
    [InlineData("text", "true", null)]
    [InlineData("int", "5", "5")]
    [InlineData("int", "\"5\"", "5")]
    [InlineData("int", "\"005\"", "5")]
    [InlineData("int", "-5", "-5")]
    [InlineData("int", "9", "9")]
    [InlineData("int", "10", null)]
    [InlineData("int", "-6", null)]
    [InlineData("int", "\"+5\"", null)]
    [InlineData("int", "\" 5\"", null)]
    [InlineData("int", "\"--5\"", null)]
    [InlineData("int", "\"5-\"", null)]
    [InlineData("int", "5.0", null)]
    [InlineData("int", "5e0", null)]
    [InlineData("int", "1e400", null)]
    [InlineData("int", "99999999999999999999999999", null)]
    [InlineData("int", "\"99999999999999999999999999\"", null)]
    [InlineData("int", "true", null)]
    [InlineData("enum", "\"csv\"", "csv")]
    [InlineData("enum", "2", "2")]
    [InlineData("enum", "\"CSV\"", null)]
    [InlineData("enum", "\"csv \"", null)]
    [InlineData("list", "[\"a\", \"b\"]", "a,b")]
    [InlineData("list", "\"a\"", "a")]
    [InlineData("list", "[1]", "1")]
    [InlineData("list", "[\"a\", \"\"]", null)]
    [InlineData("list", "[\"a\", null]", null)]
    [InlineData("list", "[[\"a\"]]", null)]
    [InlineData("list", "[\"a\", \"b\", \"c\"]", null)]
    [InlineData("list", "[\"abcdef\"]", null)]
    [InlineData("list", "[\"a\\n\"]", null)]
    [InlineData("list", "{\"a\": 1}", null)]
    [InlineData("json", "{ \"a\": [1, \"\\u00e9\"] }", "{\"a\":[1,\"\\u00E9\"]}")]
    [InlineData("json", "[1]", "[1]")]
    [InlineData("json", "{\"a\":1e400}", "{\"a\":1e400}")]
    [InlineData("json", "\"text\"", null)]
    [InlineData("json", "5", null)]
    [InlineData("json", "{\"a\":\"\\ud800\"}", null)]
    [InlineData("json", "{\"\\ud800\":1}", null)]
    [InlineData("json", "{\"a\":\"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\"}", null)]
    public void A_type_takes_its_own_form_only(string type, string json, string? expected)
    {
        var reading = Manifests.WithFields($"f = {{ {Syntax(type)}, required = true }}").ReadFields(Manifests.Json($"{{\"f\": {json}}}"));

        Assert.Equal(expected, reading.Values["f"]?.Text);
        Assert.Equal(expected is not null, reading.Values.IsValid("f"));
        Assert.Equal(expected is null, reading.Reason.StartsWith("f must be ", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("id")]
    [InlineData("file_name")]
    [InlineData("task_name")]
    [InlineData("rucio_scope")]
    [InlineData("text")]
    [InlineData("enum")]
    [InlineData("list")]
    [InlineData("json")]
    public void Empty_counts_as_missing(string type)
    {
        var optional = Manifests.WithFields($"f = {{ {Syntax(type)} }}");
        var required = Manifests.WithFields($"f = {{ {Syntax(type)}, required = true }}");
        foreach (var body in new[] { "{}", "{\"f\":null}", "{\"f\":\"\"}", "{\"f\":0}", "{\"f\":0.0}", "{\"f\":-0}", "{\"f\":[]}", "{\"f\":{}}", "{\"f\":false}" })
        {
            var without = optional.ReadFields(Manifests.Json(body));
            Assert.Empty(without.Errors);
            Assert.Null(without.Values["f"]);
            Assert.True(without.Values.IsValid("f"), body);

            var refused = required.ReadFields(Manifests.Json(body));
            Assert.Equal("f is required", refused.Reason);
            Assert.False(refused.Values.IsValid("f"), body);
        }
    }

    [Theory]
    [InlineData("true", true)]
    [InlineData("\"false\"", true)]
    [InlineData("\"0\"", true)]
    [InlineData("\" \"", true)]
    [InlineData("1", true)]
    [InlineData("-1", true)]
    [InlineData("1e400", true)]
    [InlineData("0.1", true)]
    [InlineData("[0]", true)]
    [InlineData("{\"a\":0}", true)]
    [InlineData("\"\\ud800\"", true)]
    [InlineData("false", false)]
    [InlineData("null", false)]
    [InlineData("0", false)]
    [InlineData("-0.0", false)]
    [InlineData("0e5", false)]
    [InlineData("1e-400", false)]
    [InlineData("\"\"", false)]
    [InlineData("[]", false)]
    [InlineData("{}", false)]
    public void A_flag_is_Pythons_truth_and_never_invalid(string json, bool expected)
    {
        var reading = Manifests.WithFields("f = { type = \"flag\" }").ReadFields(Manifests.Json($"{{\"f\": {json}}}"));

        Assert.Empty(reading.Errors);
        Assert.Equal(expected, reading.Values["f"]!.IsTrue);
    }

    [Theory]
    [InlineData("min = 0, max = 9", "0", "0")]
    [InlineData("min = -5, max = 9, default = 3", "0", "0")]
    [InlineData("min = -5, max = 9, default = 3", "null", "3")]
    [InlineData("min = 1, max = 9, default = 3", "0", "3")]
    [InlineData("min = 1, max = 9", "0", "")]
    [InlineData("min = -9, max = -1", "0", "")]
    [InlineData("min = 0, max = 9, required = true", "0", null)]
    [InlineData("min = 0, max = 9, required = true", "\"0\"", "0")]
    [InlineData("min = 0, max = 9", "false", "")]
    public void A_zero_is_a_value_only_where_the_range_of_an_optional_field_holds_it(string limits, string json, string? expected)
    {
        var reading = Manifests.WithFields($"f = {{ type = \"int\", {limits} }}").ReadFields(Manifests.Json($"{{\"f\": {json}}}"));

        Assert.Equal(expected is not null, reading.Values.IsValid("f"));
        Assert.Equal(expected ?? "", reading.Values["f"]?.Text ?? "");
    }

    [Theory]
    [InlineData("file_name", 255)]
    [InlineData("task_name", 255)]
    [InlineData("rucio_scope", 64)]
    [InlineData("text", 10)]
    public void A_name_has_a_longest_form(string type, int longest)
    {
        var capability = Manifests.WithFields($"f = {{ {Syntax(type)}, required = true }}");

        Assert.Empty(capability.ReadFields(Manifests.Json($"{{\"f\":\"{Long256[..longest]}\"}}")).Errors);
        Assert.NotEmpty(capability.ReadFields(Manifests.Json($"{{\"f\":\"{Long256[..(longest + 1)]}\"}}")).Errors);
    }

    [Fact]
    public void Valid_fields_are_there_when_others_are_not()
    {
        var capability = Manifests.WithFields("""
            a = { type = "id", required = true }
            b = { type = "id", required = true }
            c = { type = "id", required = true }
            """);

        var reading = capability.ReadFields(Manifests.Json("{\"a\": 1, \"b\": \"x\", \"unknown\": {}}"));

        Assert.Equal("1", reading.Values["a"]!.Text);
        Assert.Equal("b must be 1 to 19 digits; c is required", reading.Reason);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("1e400")]
    [InlineData("{\"\\ud800\\ud800\\ud800\": 1}")]
    public void A_body_that_is_no_sound_object_has_no_fields(string json)
    {
        var reading = Manifests.WithFields("f = { type = \"id\", required = true }").ReadFields(Manifests.Json(json));

        Assert.False(reading.Values.IsValid("f"));
        Assert.Single(reading.Errors);
    }

    [Fact]
    public void A_reason_is_one_line_of_at_most_300_characters_however_many_fields_are_wrong()
    {
        var fields = Enumerable.Range(0, 60).Select(static i => string.Create(CultureInfo.InvariantCulture, $"field_{i} = {{ type = \"id\", required = true }}"));

        var reason = Manifests.WithFields(string.Join('\n', fields)).ReadFields(Manifests.Json("{}")).Reason;

        Assert.InRange(reason.Length, 200, 300);
        Assert.EndsWith("is required", reason, StringComparison.Ordinal);
    }

    private static string Syntax(string type) => type switch
    {
        "text" => "type = \"text\", max = 10",
        "int" => "type = \"int\", min = -5, max = 9",
        "enum" => "type = \"enum\", values = [\"csv\", \"2\"]",
        "list" => "type = \"list\", max_items = 2, max = 5",
        "json" => "type = \"json\", max = 30",
        _ => $"type = \"{type}\"",
    };
}
