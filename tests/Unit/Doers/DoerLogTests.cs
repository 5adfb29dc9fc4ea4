using OpsAgent.Doers.Facility;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers;

/// <summary>From cron there is no agent between a doer's log and the mail that it becomes.</summary>
public sealed class DoerLogTests
{
    [Theory]
    [InlineData("prun: got eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJTRUNSRVQifQ.U0VDUkVU now", "prun: got [redacted] now")]
    [InlineData("Authorization: Token SECRET", "Authorization: [redacted]")]
    [InlineData("{'Authorization': 'Token SECRET', 'Accept': '*/*'}", "{'Authorization': [redacted]', 'Accept': '*/*'}")]
    [InlineData("sent Bearer SECRET-1 to it", "sent Bearer [redacted] to it")]
    [InlineData("X-Rucio-Auth-Token: SECRET", "X-Rucio-Auth-Token: [redacted]")]
    [InlineData("{\"refresh_token\": \"SECRET\"}", "{\"refresh_token\": \"[redacted]\"}")]
    [InlineData("login with password=SECRET.", "login with password=[redacted]")]
    [InlineData("a bearer token is needed", "a bearer token is needed")]
    [InlineData("the token: expired", "the token: expired")]
    [InlineData("new jediTaskID=35001", "new jediTaskID=35001")]
    public void A_line_has_no_credential_in_it(string line, string shown) => Assert.Equal(shown, Written(line));

    [Fact]
    public void A_private_key_goes_with_all_its_lines()
    {
        var shown = Written(
            "  prun: -----BEGIN RSA PRIVATE KEY-----", "  prun: MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7", "  prun: kg==",
            "  prun: -----END RSA PRIVATE KEY-----", "  prun: done");

        Assert.Equal("  prun: [redacted]\n  prun[redacted]\n  prun[redacted]\n[redacted]\n  prun: done", shown);
    }

    [Fact]
    public void A_token_that_is_cut_with_its_line_is_taken_out_before() => Assert.DoesNotContain(
        "SECRET", OneLine.Of(new string('x', 280) + " password=SECRETSECRETSECRET"), StringComparison.Ordinal);

    private static string Written(params string[] lines)
    {
        using var writer = new StringWriter { NewLine = "\n" };
        var log = new DoerLog(writer);
        Array.ForEach(lines, log.Line);
        return writer.ToString().TrimEnd('\n');
    }
}
