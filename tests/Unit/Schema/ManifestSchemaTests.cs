using System.Text.Json.Nodes;
using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Keys;
using OpsAgent.Capabilities.Reading;
using OpsAgent.Tests.Unit.Capabilities;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Schema;

public sealed class ManifestSchemaTests
{
    /// <summary>Every key that the manifest has, and every type of field.</summary>
    internal const string EveryKey = """
        [lane.work]
        slots = 2

        [credential.proxy]
        env      = "X509_USER_PROXY"
        kind     = "x509_proxy"
        path     = "/data/proxy"
        owners   = ["root"]
        mode_max = "0640"
        follow   = true
        min_life = "1h"
        optional = false

        [message.shutdown]
        senders = ["key:operators"]
        signed  = false

        [capability.act]
        description    = "acts"
        doer           = ["/opt/act", "--id={id}"]
        flags          = { force = "--force" }
        optional       = { owner = "--owner={owner}" }
        timeout        = { env = "ACT_TIMEOUT", default = "180s" }
        timeout_reason = "timed out after {timeout_s}s"
        grace          = "5s"
        idle_timeout   = "1m"
        lane           = "work"
        max_parallel   = 1
        max_pending    = 10
        rate_limit     = "10/1m"
        senders        = ["user:webtier", "key:web-2026"]
        signed         = true
        max_age        = "1h"
        max_hold       = "30m"
        dedup_key      = "act:{id}"
        recovery       = "report"
        on_drain       = "finish"
        environment    = ["RUCIO_*", "SWF_TMP_DIR"]
        credentials    = ["proxy"]
        limits         = { heap = "1GiB", address_space = "8GiB", files = 64, processes = 100, cpu = "1m", file_size = "4GiB" }
        sandbox        = { readable = ["{home}/x"], writable = ["{tmp}"], hidden = ["/srv"], network = true }
        capture        = "files"
        exit_codes     = { 7 = "unrecorded", timeout = "unknown", signal = "unknown" }
        ok_needs       = { stdout = "^[0-9]+$", otherwise = "unverified", reason = "exit {exit_code}" }
        failure_marker = "{tmp}/act/{id}/.error"
        point_of_no_return = "acting"
        look_up        = [{ doer = ["look", "{id}"], flags = { force = "--force" }, optional = { owner = "--owner={owner}" }, exit_codes = { 0 = "ok" } }]
        release        = { doer = ["release", "{id}"] }

        [capability.act.fields]
        id     = { type = "id", required = true }
        file   = { type = "file_name", default = "a.tgz" }
        task   = { type = "task_name" }
        scope  = { type = "rucio_scope" }
        owner  = { type = "text", max = 100 }
        count  = { type = "int", min = -1, max = 9, default = 3 }
        kind   = { type = "enum", values = ["a", "b"], default = "a" }
        force  = { type = "flag" }
        names  = { type = "list", max_items = 5, max = 60, default = ["a"] }
        extras = { type = "json", max = 200 }

        [capability.act.on]
        ok         = [{ msg_type = "acted", when = { kind = ["a"] }, id = "{id}", n = 1, half = 0.5, live = true, note = "" }]
        error      = [{ msg_type = "not_acted", reason = "{reason}" }]
        timeout    = []
        unrecorded = []
        unverified = []
        unknown    = []
        rejected   = []
        cancelled  = []

        [capability.act.record]
        action       = "acted"
        subject_type = "job"
        subject_key  = "{id}"
        username     = "{owner}"
        sublevel     = "high"
        live_default = true
        outcomes     = ["error", "timeout"]
        extra        = { id = "{id}" }
        """;

    /// <summary>Keywords beneath which no key is introduced.</summary>
    private static readonly string[] OfRules = ["if", "then", "else", "dependencies", "not"];

    [Fact]
    public void Every_key_that_the_schema_offers_the_reader_takes()
    {
        Manifests.Valid(EveryKey);
        var words = EveryKey.Split([' ', '\n', '.', '[', ']', '{', '}', '=', '"', ','], StringSplitOptions.RemoveEmptyEntries);
        var offered = Properties(new JsonObject { ["properties"] = new JsonObject(Tables()) }).Distinct().ToList();

        Assert.True(offered.Count > 50, $"only {offered.Count} keys were found");
        Assert.Empty(offered.Except(words));
    }

    [Fact]
    public void Every_key_says_what_it_is() =>
        Assert.Empty(Undescribed(new JsonObject { ["properties"] = new JsonObject(Tables()) }, ""));

    [Fact]
    public void A_key_that_no_form_has_can_not_be_read()
    {
        var table = new TableReader(
            TomlDocument.Parse("slot = 1", "m.toml"), "lane.x", LaneKeys.Form, new Problems("m.toml"));

        Assert.Contains("'slot'", Assert.Throws<InvalidOperationException>(() => table.Find("slot")).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Each_type_of_field_has_a_reader_for_it() =>
        Assert.Equal(
            FieldTypeForm.All.Select(f => f.Name).Order(), Manifests.Valid(EveryKey).Find("act").Definition.Fields.Select(f => f.Type.Name).Order());

    [Theory]
    [InlineData("timeout = \"180s\"", "timeuot = \"180s\"")]
    [InlineData("slots = 2", "slots = \"2\"")]
    [InlineData("id     = { type = \"id\", required = true }", "id = { type = \"id\", require = true }")]
    public void A_slip_of_the_pen_is_refused(string right, string wrong)
    {
        var text = EveryKey.Replace("timeout        = { env = \"ACT_TIMEOUT\", default = \"180s\" }", "timeout = \"180s\"", StringComparison.Ordinal);
        Assert.Empty(Schemas.File.Errors(TomlDocument.Parse(text, "m.toml")));

        Assert.NotEmpty(Schemas.File.Errors(TomlDocument.Parse(text.Replace(right, wrong, StringComparison.Ordinal), "m.toml")));
    }

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Tables() =>
        ManifestSchema.Tables().Select(t => KeyValuePair.Create(t.Key, (JsonNode?)t.Value));

    /// <summary>The names of all properties, but for those of a rule.</summary>
    private static IEnumerable<string> Properties(JsonNode? schema) => schema switch
    {
        JsonArray several => several.SelectMany(Properties),
        JsonObject one => one.Where(k => !OfRules.Contains(k.Key)).SelectMany(k =>
            k.Key == "properties" ? k.Value!.AsObject().Where(p => p.Value is JsonObject).SelectMany(p => Properties(p.Value).Prepend(p.Key)) : Properties(k.Value)),
        _ => [],
    };

    private static IEnumerable<string> Undescribed(JsonNode? schema, string path) => schema switch
    {
        JsonArray several => several.SelectMany((s, i) => Undescribed(s, $"{path}[{i}]")),
        JsonObject one => one.Where(k => !OfRules.Contains(k.Key)).SelectMany(k => k.Key is "properties" or "patternProperties"
            ? k.Value!.AsObject().Where(p => p.Value is JsonObject).SelectMany(p =>
                (p.Value!["description"] is null ? [$"{path}.{k.Key}.{p.Key}"] : Array.Empty<string>()).Concat(Undescribed(p.Value, $"{path}.{p.Key}")))
            : Undescribed(k.Value, $"{path}.{k.Key}")),
        _ => [],
    };
}
