using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Abstractions;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>Whatever a message holds in fields of whatever type: a doer gets as many arguments as its manifest says, with its option names.</summary>
public sealed class ArgumentPropertyTests
{
    private static readonly string[] Names = ["id", "file_name", "task_name", "rucio_scope", "text", "int", "enum", "list", "json"];

    private static readonly string[] Pieces =
    [
        "-", "--", "--owner=x", "..", ".", "/", "/etc/passwd", "@", "=", ":", "a", "7", "0", " ", "\n", "\r", "\0", "\u001b", "\u202e", "\u2028", "é",
        "\ud83d\ude00", "{", "}", "{id}", "{0}", "%s", "%n", "$(id)", ";", "|", "`", "\\", "\"", "'", "~", "*", "&",
    ];

    private static readonly Gen<string> Text = Gen.ListOf(Gen.Elements(Pieces)).Resize(5).Select(static p => string.Concat(p));

    private static readonly Gen<string> Json = Gen.OneOf(
        Text.Select(static t => JsonSerializer.Serialize(t)),
        Gen.Choose(0, 9_999_999).Select(static n => $"{n}"),
        Gen.ListOf(Text).Resize(3).Select(static l => JsonSerializer.Serialize(l)),
        Text.Select(static t => JsonSerializer.Serialize(new Dictionary<string, string> { [t] = t })),
        Gen.Elements("true", "false", "\"a\"", "\"7\"", "\"26.07/DIS\"", "\"group.EIC\"", "\"log.tgz\"", "[\"a\",\"b\"]", "{\"a\":1}", "-3", "1e3"));

    private static readonly OpsAgent.Capabilities.Capability Capability = Manifests.Act("""
        doer = ["act", "--id={id}", "--file={file_name}", "--task={task_name}", "--scope={rucio_scope}", "--text={text}", "--int={int}",
                "--enum={enum}", "--list={list}", "--json={json}"]
        flags = { flag = "--force" }
        timeout = "1s"
        dedup_key = "act:{id}:{task_name}"
        failure_marker = "{tmp}/x/{id}/.error"

        [capability.act.fields]
        id = { type = "id", required = true }
        file_name = { type = "file_name", required = true }
        task_name = { type = "task_name", required = true }
        rucio_scope = { type = "rucio_scope", required = true }
        text = { type = "text", max = 50, required = true }
        int = { type = "int", min = -10000000, max = 10000000, required = true }
        enum = { type = "enum", values = ["a", "7"], required = true }
        list = { type = "list", max_items = 5, required = true }
        json = { type = "json", max = 200, required = true }
        flag = { type = "flag" }
        """);

    private static readonly Dictionary<string, string> Valid = new()
    {
        ["id"] = "7", ["file_name"] = "\"log.tgz\"", ["task_name"] = "\"26.07/DIS\"", ["rucio_scope"] = "\"group.EIC\"", ["text"] = "\"hello\"",
        ["int"] = "5", ["enum"] = "\"a\"", ["list"] = "[\"a\"]", ["json"] = "{\"a\":1}",
    };

    public static TheoryData<string> Types => [.. Names, "flag"];

    [Theory]
    [MemberData(nameof(Types))]
    public void One_hostile_value_changes_no_other_argument_and_no_option(string type)
    {
        var plain = Arguments(Body(Valid))!;
        var taken = 0;
        Prop.ForAll(Json.ToArbitrary(), json =>
        {
            var body = new Dictionary<string, string>(Valid) { [type] = json };
            if (Arguments(Body(body)) is not { } arguments)
            {
                return true;
            }

            taken++;
            var without = arguments.Where(static a => a != "--force").ToList();
            var at = Array.IndexOf(Names, type);
            return arguments.Count - without.Count == (type == "flag" && arguments.Contains("--force") ? 1 : 0)
                && without.Count == plain.Count
                && !arguments.Any(static a => a.Contains('\0', StringComparison.Ordinal))
                && without.Select(static (a, i) => (a, i)).All(p => p.i == at ? OptionOf(p.a) == OptionOf(plain[p.i]) : p.a == plain[p.i]);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(1_500));

        Assert.True(taken > 5, $"only {taken} were valid");
    }

    private static string OptionOf(string argument) => argument[..(argument.IndexOf('=', StringComparison.Ordinal) + 1)];

    private static JsonElement Body(Dictionary<string, string> fields) =>
        Manifests.Json($"{{{string.Join(',', fields.Select(static f => $"\"{f.Key}\":{f.Value}"))}}}");

    private static IReadOnlyList<string>? Arguments(JsonElement body)
    {
        var reading = Capability.ReadFields(body);
        return reading.Errors.Count > 0 ? null : ((DoerPlan)Capability.ToWork(reading.Values).Plan).Arguments;
    }
}
