using OpsAgent.Agent.Hosting;
using OpsAgent.Doers.Facility;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class SecretValuesTests
{
    [Fact]
    public void What_is_lent_as_a_value_is_known_whatever_its_variable_is_called()
    {
        var startup = Read(
            """
            [credential.s3]
            env = "S3_ACCESS_KEY"

            [credential.storage]
            kind = "bearer_token"

            [credential.proxy]
            kind = "x509_proxy"
            env = "PROXY"
            """,
            new()
            {
                ["S3_ACCESS_KEY"] = "AKIA.0123456789.abcdef", ["BEARER_TOKEN"] = "opaque.0123456789.abcdef", ["XDG_RUNTIME_DIR"] = "/run/user/1000",
                ["PROXY"] = "proxy-by-a-relative-path", ["OTHER"] = "other.0123456789.abcdef",
            });

        Assert.Empty(startup.Errors);
        Assert.Equal(
            "[redacted] [redacted] /run/user/1000 proxy-by-a-relative-path other.0123456789.abcdef",
            SecretValues.Redactor(startup).Text(
                "AKIA.0123456789.abcdef opaque.0123456789.abcdef /run/user/1000 proxy-by-a-relative-path other.0123456789.abcdef"));
    }

    [Fact]
    public void What_its_own_settings_hold_is_a_secret_wherever_they_come_from()
    {
        var startup = Read(
            """
            [broker]
            password = "broker.0123456789.abcdef"

            [monitor]
            token = "monitor.0123456789.abcdef"
            """,
            []);

        Assert.Equal("a [redacted] b [redacted] c", SecretValues.Redactor(startup).Text("a broker.0123456789.abcdef b monitor.0123456789.abcdef c"));
    }

    [Fact]
    public void A_value_that_begins_like_a_path_is_a_secret_unless_there_is_such_a_file()
    {
        using var file = new ConfigurationFile("");
        var startup = Read(
            """
            [credential.s3]
            env = "S3_ACCESS_KEY"
            """,
            new() { ["S3_ACCESS_KEY"] = file.Path, ["SOME_TOKEN"] = "/w0123456789+abcdef=", ["A_SECRET"] = "~w0123456789+abcdef=", ["BEARER_TOKEN_FILE"] = "/dev/null" });

        Assert.Equal(
            "[redacted] [redacted] [redacted] /dev/null",
            SecretValues.Redactor(startup).Text($"{file.Path} /w0123456789+abcdef= ~w0123456789+abcdef= /dev/null"));
    }

    [Theory]
    [InlineData("DB_PASSWORD")]
    [InlineData("BROKER_PASSCODE")]
    [InlineData("DB_PASSWD")]
    [InlineData("SOME_TOKEN")]
    [InlineData("CLIENT_SECRET")]
    [InlineData("S3_CREDENTIAL")]
    [InlineData("SIGNING_PRIVATE_KEY")]
    [InlineData("PCS_API_KEY")]
    public void A_doer_goes_by_the_same_names_as_the_agent(string variable)
    {
        Assert.True(SecretText.IsSecretName(variable));
        Assert.Equal("[redacted]", SecretValues.Redactor(Read("", new() { [variable] = "value.0123456789.abcdef" })).Text("value.0123456789.abcdef"));
    }

    [Fact]
    public void A_value_that_is_one_plain_word_is_named_by_its_variable() =>
        Assert.Equal(
            ["ACTIVEMQ_PASSWORD", "DB_PASSWORD"],
            SecretValues.PlainWords(Read("", new()
            {
                ["ACTIVEMQ_PASSWORD"] = "epicproduction", ["DB_PASSWORD"] = "epicprod", ["A_TOKEN"] = "epicprod1", ["B_TOKEN"] = "epic", ["C"] = "production",
            })));

    private static Startup Read(string configuration, Dictionary<string, string> environment)
    {
        using var file = new ConfigurationFile(configuration);
        return Startup.Read(CommandLine.Parse(["--config", file.Path, "--set=agent.state_dir=/nowhere/state"]), environment);
    }
}
