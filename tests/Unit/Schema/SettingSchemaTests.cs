using OpsAgent.Agent.Hosting;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Unit.Agent.Hosting;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Schema;

public sealed class SettingSchemaTests
{
    /// <summary>Every setting that there is.</summary>
    internal const string EverySetting = """
        [testbed]
        namespace = "prodops"

        [broker]
        host            = "broker.example.org"
        port            = 61612
        user            = "ops"
        password        = "secret"
        use_ssl         = true
        ca_certs        = "/etc/ssl/ca.pem"
        cert_file       = ""
        key_file        = ""
        allow_plaintext = ""
        virtual_host    = ""
        client_id       = ""
        heart_beat      = "10s"
        connect_timeout = 10
        queue           = "/queue/epicprod.ops"
        window_messages = 11000
        window_bytes    = 20971520
        exclusive       = true
        has_standby     = false
        standalone      = false
        vouches_for_senders = false

        [events]
        topic         = "/topic/epictopic"
        settled_topic = ""

        [work]
        look_up_every = "5m"
        look_up_for   = "24h"
        ledger_bytes = 4294967296
        log_bytes    = 1073741824
        doer_nice    = 10

        [agent]
        id            = "local"
        state_dir     = "/var/lib/opsagent"
        tmp_dir       = "/data/swf-tmp"
        doers_dir     = "/opt/opsagent/doers"
        max_workers   = 8
        drain_timeout = "30s"

        [signing]
        keys_dir = "/etc/opsagent/keys"
        window   = "5m"

        [control]
        group = ""

        [log]
        level       = "info"
        quiet       = false
        file        = ""
        stomp_debug = "no"

        [monitor]
        url            = "https://monitor.example/swf-monitor"
        http_url       = "http://localhost:8002/swf-monitor"
        token          = "t"
        ca_bundle      = ""
        action_timeout = "5s"
        """;

    private static readonly string[] Values =
    [
        "\"\"", "\"x\"", "\"x\\ny\"", "5", "0", "-1", "70000", "99999999999", "1.5", "inf", "true", "\"true\"", "\"TRUE\"", "\"yes\"", "\"maybe\"", "\"1\"",
        "\"30s\"", "\"5m\"", "\"1e3s\"", "\"70000\"", "\"/abs\"", "\"/queue/a\"", "\"/topic/a\"", "\"/topic/a b\"", "\"info\"", "\"INFO\"", "[1]", "[]", "{}",
        "{ a = 1 }", "2026-01-01",
    ];

    [Fact]
    public void The_committed_schema_is_the_one_that_the_agent_prints() => Assert.True(
        ConfigurationSchema.Text() == File.ReadAllText(Path.Combine(Repository.Root, "agents", "prodops.schema.json")),
        "agents/prodops.schema.json is not what the agent makes of its settings and keys now; make it anew:\n"
        + "dotnet run --project src/Agent -- --print-schema > agents/prodops.schema.json");

    [Fact]
    public void The_shipped_manifest_names_the_schema_in_its_first_line() => Assert.Equal(
        "#:schema ./prodops.schema.json", File.ReadLines(Path.Combine(Repository.Root, "agents", "prodops.toml")).First());

    [Fact]
    public void Every_setting_has_a_table_and_the_manifests_reader_knows_every_table()
    {
        Assert.All(AgentSettings.All, s => Assert.True(AgentSettings.Tables.ContainsKey(s.Table), s.Key));
        Assert.Equal(
            ManifestReader.KnownTables.Order(), AgentSettings.Tables.Keys.Concat(ManifestSchema.Tables().Select(t => t.Key)).Order());
    }

    [Fact]
    public void Every_setting_is_in_the_example_that_both_take()
    {
        Assert.Empty(Errors(EverySetting));
        Assert.Empty(Schemas.File.Errors(TomlDocument.Parse(EverySetting, "m.toml")));
        var example = TomlDocument.Parse(EverySetting, "m.toml");
        Assert.All(AgentSettings.All, s => Assert.True(((TomlTable)example[s.Table]).ContainsKey(s.Name), s.Key));
    }

    [Fact]
    public void The_schema_and_the_agent_judge_a_value_alike()
    {
        var (taken, refused) = (0, 0);
        foreach (var setting in AgentSettings.All)
        {
            foreach (var value in Values)
            {
                var text = $"[{setting.Table}]\n{setting.Name} = {value}\n";
                var byAgent = Errors(text).Count == 0;
                var bySchema = Schemas.File.Errors(TomlDocument.Parse(text, "m.toml")).Count == 0;

                // The differences: the schema wants text in quotes, does not count digits that are in quotes and sees no folders.
                var isUnquoted = byAgent && value[0] is not '"';
                var isOutOfRange = bySchema && value.Trim('"').All(char.IsAsciiDigit) && value[0] is '"';
                Assert.True(byAgent == bySchema || isUnquoted || isOutOfRange || setting == AgentSettings.LogFile, $"{text} agent: {byAgent}, schema: {bySchema}");
                (taken, refused) = bySchema ? (taken + 1, refused) : (taken, refused + 1);
            }
        }

        Assert.True(taken > 200 && refused > 200, $"{taken} taken, {refused} refused");
    }

    [Theory]
    [InlineData("[broker]\nhots = \"x\"")]
    [InlineData("[work]\nretention = \"1d\"")]
    [InlineData("[borker]\nhost = \"x\"")]
    [InlineData("host = \"x\"")]
    [InlineData("broker = 5")]
    public void A_key_that_is_no_setting_is_refused(string text) =>
        Assert.NotEmpty(Schemas.File.Errors(TomlDocument.Parse(text, "m.toml")));

    private static IReadOnlyList<string> Errors(string text)
    {
        using var file = new ConfigurationFile(text);
        return EffectiveConfiguration.Read(file.Path, new Dictionary<string, string>(), []).Errors;
    }
}
