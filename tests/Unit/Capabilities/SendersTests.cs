using OpsAgent.Abstractions;
using OpsAgent.Agent.Hosting;
using OpsAgent.Capabilities;
using OpsAgent.Tests.Unit.Agent.Hosting;
using OpsAgent.Tests.Unit.Schema;
using OpsAgent.Toml;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

public sealed class SendersTests
{
    private const string Act = """
        doer = ["act"]
        timeout = "1s"

        """;

    [Fact]
    public void Without_a_rule_everybody_may_ask()
    {
        var manifest = Manifests.Valid(Manifests.Head + Act);

        Assert.True(manifest.RuleOf(new MsgType("act"))!.IsOpen);
        Assert.Null(manifest.RuleOf(new MsgType("shutdown")));
        Assert.Null(manifest.RuleOf(new MsgType("of_a_team")));
    }

    [Fact]
    public void Rules_are_read_for_capabilities_and_for_shutdown()
    {
        var manifest = Manifests.Valid($"""
            {Manifests.Head}{Act}
            senders = ["user:CN=web tier, O=EIC", "key:web-2026"]
            [message.shutdown]
            signed = true
            """);

        var act = manifest.RuleOf(new MsgType("act"))!;
        Assert.True(act is { Signed: false, NeedsKeys: true, NamesUsers: true });
        Assert.True(act.Lists("CN=web tier, O=EIC", null) && act.Lists("x", "web-2026") && !act.Lists(null, null) && !act.Lists("key:web-2026", "x"));
        Assert.True(manifest.RuleOf(new MsgType("shutdown")) is { Signed: true, Senders: null, IsOpen: false });
    }

    [Theory]
    [InlineData("[message.health_ping]\nsigned = true", "message.health_ping: can't be restricted")]
    [InlineData("[message.act]\nsigned = true", "message.act: is no message that can be restricted here")]
    [InlineData("[message.shutdown]\nsender = [\"user:a\"]", "message.shutdown.sender: unknown key; did you mean 'senders'?")]
    [InlineData("[message.shutdown]\nsenders = []", "message.shutdown.senders: must name somebody")]
    [InlineData("[message]\nshutdown = true", "message.shutdown: must be a table")]
    public void A_mistake_in_a_message_s_rule_is_told_and_the_schema_refuses_it_too(string table, string message)
    {
        var text = Manifests.Head + Act + table;

        Assert.Contains(message, Assert.Single(Manifests.Parse(text).Errors).ToString(), StringComparison.Ordinal);
        Assert.NotEmpty(Schemas.Manifest.Errors(TomlDocument.Parse(text, "m.toml")));
    }

    [Theory]
    [InlineData("[message.shutdown]\nsigned = true", "", "message.shutdown asks for signatures, but signing.keys_dir")]
    [InlineData("[message.shutdown]\nsenders = [\"key:a\"]", "", "message.shutdown asks for signatures, but signing.keys_dir")]
    [InlineData("[message.shutdown]\nsenders = [\"user:a\"]", "", "broker.vouches_for_senders is off")]
    [InlineData("[message.shutdown]\nsenders = [\"user:a\"]", "[broker]\nvouches_for_senders = true", null)]
    [InlineData("[message.shutdown]\nsigned = true", "[signing]\nkeys_dir = \"/etc/keys\"", null)]
    public void A_rule_that_nobody_could_meet_is_a_mistake_at_the_start(string rule, string settings, string? mistake)
    {
        using var file = new ConfigurationFile($"{settings}\n[lane.x]\nslots = 1\n{rule}\n");
        var startup = Startup.Read(CommandLine.Parse(["--config", file.Path]), new Dictionary<string, string>());

        if (mistake is null)
        {
            Assert.Empty(startup.Errors);
        }
        else
        {
            Assert.Contains(mistake, Assert.Single(startup.Errors), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_changed_rule_is_told_by_a_reload()
    {
        var before = Manifests.Valid(Manifests.Head + Act);
        var after = Manifests.Valid($"{Manifests.Head}{Act}senders = [\"user:a\"]\n[message.shutdown]\nsigned = true\n");

        Assert.Equal(["act", "shutdown"], ManifestChange.Between(before, after).Changed);
        Assert.Empty(ManifestChange.Between(after, after).Changed);
    }
}
