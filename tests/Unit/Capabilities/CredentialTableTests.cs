using OpsAgent.Capabilities;
using OpsAgent.Capabilities.Credentials;
using Xunit;

namespace OpsAgent.Tests.Unit.Capabilities;

/// <summary>What <c>[credential.NAME]</c> says, and what is refused in it.</summary>
public sealed class CredentialTableTests
{
    [Fact]
    public void A_variable_alone_is_a_value_as_it_ever_was()
    {
        var credential = Read("env = \"SWFMON_TOKEN\"");

        Assert.Equal(("SWFMON_TOKEN", CredentialKind.Value, 0x180, false, false), (credential.Variable, credential.Kind, credential.ModeMax, credential.Follow, credential.Optional));
        Assert.Equal(["SWFMON_TOKEN"], credential.Variables);
    }

    [Fact]
    public void Every_key_is_read()
    {
        var credential = Read("""
            env      = "X509_USER_PROXY"
            kind     = "x509_proxy"
            path     = "~/proxy"
            owners   = ["wenauseic", "0"]
            mode_max = "0640"
            follow   = true
            min_life = "2h"
            optional = true
            """);

        Assert.Equal(
            (CredentialKind.X509Proxy, "~/proxy", 0x1A0, true, TimeSpan.FromHours(2), true),
            (credential.Kind, credential.Path, credential.ModeMax, credential.Follow, credential.MinLife, credential.Optional));
        Assert.Equal(["wenauseic", "0"], credential.Owners);
    }

    [Theory]
    [InlineData("kind = \"oidc_token\"", "")]
    [InlineData("kind = \"bearer_token\"", "BEARER_TOKEN BEARER_TOKEN_FILE XDG_RUNTIME_DIR")]
    [InlineData("kind = \"userpass\"\npath = \"/etc/x\"", "")]
    public void Some_need_no_variable(string text, string variables) => Assert.Equal(variables, string.Join(' ', Read(text).Variables));

    [Theory]
    [InlineData("", "env: is missing")]
    [InlineData("kind = \"x509_proxy\"", "env: is missing")]
    [InlineData("kind = \"userpass\"", "env: is missing")]
    [InlineData("env = \"X\"\nkind = \"x509_prox\"", "must be one of value, x509_proxy, oidc_token, userpass, bearer_token; did you mean")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\nmode_max = \"0644\"", "mode_max: gives something to others")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\nmode_max = \"0601\"", "mode_max: gives something to others")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\nmode_max = \"rw\"", "mode_max: must be permissions in octal")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\nmode_max = \"2640\"", "mode_max: must be permissions in octal")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\npath = \"a/b\"", "path: must be an absolute path")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\nfollow = \"yes\"", "follow: must be true or false")]
    [InlineData("env = \"X\"\nkind = \"userpass\"\nmin_life = 5", "min_life: must be a time such as")]
    [InlineData("env = \"X\"\nmin_life = \"5m\"", "min_life: is only for a credential that comes in a file")]
    [InlineData("env = \"X\"\nkind = \"bearer_token\"", "env: has no place with bearer_token")]
    [InlineData("kind = \"bearer_token\"\npath = \"/x\"", "path: has no place with bearer_token")]
    [InlineData("env = \"X\"\nkeep = true", "keep: unknown key")]
    public void A_mistake_is_told(string text, string error)
    {
        var reading = Parse(text);

        Assert.Contains(reading.Errors, e => $"{e}".Contains(error, StringComparison.Ordinal));
    }

    [Fact]
    public void No_pattern_lends_what_a_credential_lends()
    {
        var reading = ManifestReader.Parse(
            """
            [lane.l]
            slots = 1
            [credential.token]
            kind = "bearer_token"
            [capability.act]
            description = "acts"
            doer = ["act"]
            timeout = "1s"
            lane = "l"
            environment = ["BEARER_*"]
            """,
            "x.toml",
            new Dictionary<string, string>());

        Assert.Contains("takes BEARER_TOKEN: lend it by name, credentials = [\"token\"]", $"{Assert.Single(reading.Errors)}", StringComparison.Ordinal);
    }

    private static CredentialDefinition Read(string text)
    {
        var reading = Parse(text);
        Assert.Empty(reading.Errors);
        return Assert.Single(reading.Manifest!.Credentials);
    }

    private static ManifestReading Parse(string text) =>
        ManifestReader.Parse($"[credential.it]\n{text}", "x.toml", new Dictionary<string, string>());
}
