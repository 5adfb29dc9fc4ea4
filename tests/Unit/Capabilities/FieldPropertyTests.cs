using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>Whatever a message holds, nothing throws, and what comes through is safe where it goes.</summary>
public sealed class FieldPropertyTests
{
    private static readonly string[] Pieces =
    [
        "-", "--", "..", ".", "/", "@", "=", ":", "a", "Z", "0", "9", "_", "+", " ", "\n", "\0", "\u001b", "\u202e", "\u2028", "é",
        "\ud83d\ude00", "{", "}", "{a}", "%s", "$(id)", ";", "`", "\\", "\"", "'", "~", "1e400", "true",
    ];

    private static readonly Gen<string> Hostile = Gen.ListOf(Gen.Elements(Pieces)).Resize(6).Select(static p => string.Concat(p));

    private static readonly Gen<string> Digits = Gen.Choose(0, int.MaxValue).Select(static n => $"{n}");

    // Half of it nearly valid, so that what comes through is looked at too.
    private static readonly Arbitrary<string> HostileText =
        Gen.OneOf(Hostile, Hostile, Digits, Digits.SelectMany(static d => Gen.Elements(Pieces).Select(p => d + p))).ToArbitrary();

    private static readonly Arbitrary<string> HostileJson = Gen.Sized(Json).ToArbitrary();

    private static readonly Config Runs = Config.QuickThrowOnFailure.WithMaxTest(2000);

    [Theory]
    [InlineData("id")]
    [InlineData("file_name")]
    [InlineData("rucio_scope")]
    public void A_path_segment_is_one_and_no_option(string type)
    {
        var capability = Manifests.WithFields($"f = {{ type = \"{type}\" }}");

        var taken = 0;
        Prop.ForAll(HostileText, text => Read(capability, text) is not { } value
            || (++taken > 0 && value == text && value[0] is not ('-' or '@') && value is not ("." or "..") && !value.ContainsAny(['/', '\0', '\n'])
                && Path.GetFullPath(Path.Combine("/root/x", value)) == $"/root/x/{value}")).Check(Runs);

        Assert.True(taken > 20, $"only {taken} were valid");
    }

    [Fact]
    public void A_task_name_is_no_option_and_has_no_way_up()
    {
        var capability = Manifests.WithFields("f = { type = \"task_name\" }");

        var taken = 0;
        Prop.ForAll(HostileText, text => Read(capability, text) is not { } value
            || (++taken > 0 && value == text && value[0] != '-' && !value.Split('/').Contains("..")
                && value.All(static c => char.IsAsciiLetterOrDigit(c) || "._:+=@/-".Contains(c, StringComparison.Ordinal)))).Check(Runs);

        Assert.True(taken > 20, $"only {taken} were valid");
    }

    [Fact]
    public void A_text_is_one_argument_on_one_line_and_begins_no_argument()
    {
        var capability = Manifests.Act("""
            doer = ["act", "--a={f}"]
            timeout = "1s"
            fields = { f = { type = "text", max = 100, required = true } }
            """);

        Prop.ForAll(HostileText, text =>
        {
            var reading = capability.ReadFields(Body(text));
            return reading.Errors.Count > 0
                || (text.Length > 0 && !text.Any(char.IsControl)
                    && Doer(capability.ToWork(reading.Values)).Arguments is [var only] && only == $"--a={text}");
        }).Check(Runs);
    }

    [Fact]
    public void No_json_makes_any_type_throw()
    {
        var capability = Manifests.WithFields("""
            id = { type = "id", required = true }
            file_name = { type = "file_name" }
            task_name = { type = "task_name", required = true }
            rucio_scope = { type = "rucio_scope" }
            text = { type = "text", max = 20 }
            int = { type = "int", min = -3, max = 3 }
            enum = { type = "enum", values = ["a", "1"] }
            flag = { type = "flag" }
            list = { type = "list", max_items = 2 }
            json = { type = "json", max = 40 }
            """);
        var names = capability.Definition.Fields.Select(static f => f.Name).ToList();

        Prop.ForAll(HostileJson, json =>
        {
            var body = Manifests.Json($"{{{string.Join(',', names.Select(n => $"\"{n}\":{json}"))}}}");
            var reading = capability.ReadFields(body);
            return names.All(n => reading.Values.IsValid(n) != reading.Errors.Any(e => e.Field == n))
                && reading.Reason.Length <= 300 && !reading.Reason.Any(char.IsControl);
        }).Check(Runs);
    }

    private static OpsAgent.Abstractions.DoerPlan Doer(OpsAgent.Abstractions.WorkRequest work) =>
        Assert.IsType<OpsAgent.Abstractions.DoerPlan>(work.Plan);

    private static JsonElement Body(string text) => Manifests.Json(JsonSerializer.Serialize(new Dictionary<string, string> { ["f"] = text }));

    private static string? Read(OpsAgent.Capabilities.Capability capability, string text) => capability.ReadFields(Body(text)).Values["f"]?.Text;

    private static Gen<string> Json(int size)
    {
        var number = Gen.Elements("0", "-0", "1", "-1", "1.0", "1e400", "-1e400", "1e-400", "0e9", "12345678901234567890123", "3", "9223372036854775808");
        var word = Gen.Elements("null", "true", "false", "\"\"", "\"a\"", "\"-a\"", "\"..\"", "\"\\ud800\"", "\"\\u0000\"", "\"1\"", "\"a/b\"");
        var leaf = Gen.OneOf(number, word);
        if (size <= 1)
        {
            return leaf;
        }

        var inner = Json(size / 4);
        return Gen.OneOf(
            leaf,
            Gen.ListOf(inner).Select(static items => $"[{string.Join(',', items)}]"),
            Gen.ListOf(inner).Select(static items => $"{{{string.Join(',', items.Select(static (v, i) => $"\"{(i == 0 ? "\\udc00" : "k")}{i}\":{v}"))}}}"));
    }
}
