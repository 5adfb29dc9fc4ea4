using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class EffectiveConfigurationTests
{
    private static readonly Dictionary<string, string> NoEnvironment = [];

    [Fact]
    public void The_command_line_wins_over_the_environment_and_that_over_the_file()
    {
        using var file = new ConfigurationFile("[broker]\nhost = \"from-file\"\nport = 1\nuser = \"file-user\"\n");
        var environment = new Dictionary<string, string> { ["ACTIVEMQ_HOST"] = "from-env", ["ACTIVEMQ_PORT"] = "2" };

        var (settings, errors) = EffectiveConfiguration.Read(file.Path, environment, [new("broker.port", "3")]);

        Assert.Empty(errors);
        Assert.Equal(("from-env", "environment ACTIVEMQ_HOST"), Of(settings, AgentSettings.Host));
        Assert.Equal(("3", "command line"), Of(settings, AgentSettings.Port));
        Assert.Equal(("file-user", $"{file.Path}:4"), Of(settings, AgentSettings.User));
        Assert.Equal(("/queue/epicprod.ops", "default"), Of(settings, AgentSettings.Queue));
    }

    [Fact]
    public void Every_error_is_listed_at_once_with_its_place()
    {
        using var file = new ConfigurationFile("[broker]\nport = 99999\nhots = \"x\"\n[agent]\ndrain_timeout = \"soon\"\n");
        var environment = new Dictionary<string, string> { ["EPICPROD_OPS_QUEUE"] = "epicprod.ops" };

        var (_, errors) = EffectiveConfiguration.Read(file.Path, environment, [new("brokr:port", "3")]);

        Assert.Equal(5, errors.Count);
        Assert.Contains(errors, e => e.StartsWith($"{file.Path}:2: broker.port", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith($"{file.Path}:3: broker.hots: no such setting", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith($"{file.Path}:5: agent.drain_timeout", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("environment EPICPROD_OPS_QUEUE", StringComparison.Ordinal));
        Assert.Contains(errors, e => e.StartsWith("command line: brokr:port", StringComparison.Ordinal));
    }

    [Fact]
    public void A_broken_file_is_an_error_with_line_and_column()
    {
        using var file = new ConfigurationFile("[broker]\nhost = \"x\n");
        var (_, errors) = EffectiveConfiguration.Read(file.Path, NoEnvironment, []);
        Assert.StartsWith($"{file.Path}:2:", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_file_is_an_error()
    {
        var (_, errors) = EffectiveConfiguration.Read("/nowhere/prodops.toml", NoEnvironment, []);
        Assert.Contains("/nowhere/prodops.toml", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_environment_variable_counts_as_not_set_but_where_empty_is_a_value()
    {
        using var file = new ConfigurationFile("");
        var environment = new Dictionary<string, string> { ["ACTIVEMQ_PORT"] = "", ["SWF_TMP_DIR"] = "", ["OPSAGENT_SETTLED_TOPIC"] = "" };
        var (settings, errors) = EffectiveConfiguration.Read(file.Path, environment, []);
        Assert.Empty(errors);
        Assert.Equal(("61612", "/data/swf-tmp", ""), (settings[AgentSettings.Port], settings[AgentSettings.TmpDir], settings[AgentSettings.SettledTopic]));
    }

    [Fact]
    public void A_secret_is_not_taken_from_the_command_line()
    {
        using var file = new ConfigurationFile("");
        var (_, errors) = EffectiveConfiguration.Read(file.Path, NoEnvironment, [new("broker.password", "hunter2")]);
        Assert.DoesNotContain("hunter2", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[broker]\nhost = [\"a\", \"b\"]\n", "broker.host must be one value")]
    [InlineData("[work]\nretention = \"1d\"\n", "work.retention: no such setting")]
    public void A_key_that_would_be_ignored_is_an_error(string text, string error)
    {
        using var file = new ConfigurationFile(text);
        Assert.Contains($"{file.Path}:2: {error}", Assert.Single(EffectiveConfiguration.Read(file.Path, NoEnvironment, []).Errors), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_never_shown()
    {
        using var file = new ConfigurationFile("[broker]\npassword = \"hunter2\"\n");
        var (settings, _) = EffectiveConfiguration.Read(file.Path, NoEnvironment, []);
        Assert.Equal("hunter2", settings[AgentSettings.Password]);
        Assert.DoesNotContain(settings.Values, v => v.Shown.Contains("hunter2", StringComparison.Ordinal));
    }

    private static (string Text, string Origin) Of(EffectiveConfiguration settings, Setting setting)
    {
        var value = settings.Values.Single(v => v.Setting == setting);
        return (value.Text, value.Origin);
    }
}
