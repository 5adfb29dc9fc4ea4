using System.Buffers.Text;
using System.Text;
using OpsAgent.OpsCtl.Doctor;
using OpsAgent.OpsCtl.Doctor.Checks;
using OpsAgent.OpsCtl.Doctor.Credentials;
using OpsAgent.Tests.Support.Agents;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Doctor;

public sealed class CredentialTests : IDisposable
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const string Bare = "header.BODY.signature";
    private const string Json = """{"id_token":"header.BODY.signature","refresh_token":"secret-refresh"}""";

    private readonly DoctorUnderTest _test = new();
    private readonly TemporaryFolder _folder = new();

    public CredentialTests() => _test.Environment["PANDA_CONFIG_ROOT"] = _folder.Path;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(Bare, 8.0, "ok", "Ok")]
    [InlineData(Json, 8.0, "ok", "Ok")]
    [InlineData(Bare, 7.0, "expiring", "Warning")]
    [InlineData(Json, 0.5, "expiring", "Warning")]
    [InlineData(Bare, 0.0, "expired", "Failed")]
    [InlineData(Json, -3.0, "expired", "Failed")]
    public async Task A_token_is_judged_by_its_end(string form, double days, string status, string state)
    {
        Write(Token(form, days));

        var found = await TokenAsync();

        Assert.Equal((state, status, days), ($"{found.State}", found.Credential!.Status, found.Credential.DaysLeft));
        Assert.Equal(form == Json, found.Line.Contains("renews it", StringComparison.Ordinal));
        Assert.Equal(state == "Ok", found.Suggestion is null);
        Assert.DoesNotContain("secret", found.Line, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0.5", "ok")]
    [InlineData("30", "expiring")]
    [InlineData("soon", "expiring")]
    public async Task The_window_is_a_variable(string days, string status)
    {
        _test.Environment["CREDENTIAL_EXPIRY_WARN_DAYS"] = days;
        Write(Token(Bare, 5));

        Assert.Equal(status, (await TokenAsync()).Credential!.Status);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"id_token\": 5}")]
    [InlineData("{\"id_token\": \"secret\"}")]
    [InlineData("secret.secret")]
    [InlineData("secret.!!!.secret")]
    [InlineData("secret.c2VjcmV0.secret")]
    [InlineData("a.bnVsbA.c")]
    [InlineData("a.eyJleHAiOiJ4In0.c")]
    [InlineData("a.eyJleHAiOjFlOTl9.c")]
    [InlineData("{\"id_token\": \"sec")]
    public async Task What_is_no_token_is_unreadable_and_never_quoted(string text)
    {
        Write(text);

        var found = await TokenAsync();

        Assert.Equal((FindingState.Failed, "unreadable"), (found.State, found.Credential!.Status));
        Assert.DoesNotContain("secret", found.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_token_that_others_may_read_or_that_is_not_there_is_told()
    {
        Assert.Equal("missing", (await TokenAsync()).Credential!.Status);

        Write(Token(Bare, 30), Private | UnixFileMode.OtherRead);
        var exposed = await TokenAsync();
        Assert.Equal("exposed", exposed.Credential!.Status);
        Assert.Contains("chmod 0600", exposed.Suggestion, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_the_folder_of_the_token_is_missing_it_is_to_be_made_first()
    {
        string Suggested(string path) => PandaTokenFile.Look(path, null, new CredentialJudge("t", "renew", 7), _test.Time).Suggestion!;

        Assert.Equal("renew", Suggested(_folder.At(".token")));
        Assert.StartsWith($"renew; first, as that user, mkdir -m 0700 {_folder.At(".pathena")}", Suggested(_folder.At(".pathena", ".token")), StringComparison.Ordinal);
    }

    [Fact]
    public void A_token_of_somebody_else_could_not_be_renewed()
    {
        Write(Token(Bare, 30));

        var found = PandaTokenFile.Look(_folder.At(".token"), user: 4242, new CredentialJudge("t", "renew", 7), _test.Time);

        Assert.Equal("exposed", found.Credential!.Status);
        Assert.Contains("belongs to", found.Line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_proxy_is_judged_by_the_soonest_end_of_its_chain_its_mode_and_its_place()
    {
        using var grid = GridCredentials.Create();
        _test.Time.Advance(TimeProvider.System.GetUtcNow() - _test.Time.GetUtcNow());
        var soon = grid.WriteProxy("soon", TimeSpan.FromHours(-1), TimeSpan.FromDays(6.55));
        (string Path, string Status)[] all =
        [
            (grid.WriteProxy("good", TimeSpan.FromHours(-1), TimeSpan.FromDays(30), "0640"), "ok"),
            (soon, "expiring"),
            (grid.WriteProxy("old", TimeSpan.FromHours(-2), TimeSpan.FromHours(-1)), "expired"),
            (grid.WriteProxy("open", TimeSpan.FromHours(-1), TimeSpan.FromDays(30), "0644"), "exposed"),
            (grid.AuthorityPath, "exposed"),
            (_folder.Write("broken", "-----BEGIN CERTIFICATE-----\nsecret", Private), "unreadable"),
            (_folder.Path, "unreadable"),
            (_folder.At("nowhere"), "missing"),
            ("relative", "unreadable"),
            ("", "unset"),
        ];
        foreach (var (path, status) in all)
        {
            _test.Environment["X509_USER_PROXY"] = path;
            var found = Assert.Single(await LookAsync(), static f => f.Subject == "bnl_rucio_proxy");
            Assert.Equal((path, status), (path, found.Credential!.Status));
            Assert.Equal(status == "ok", found.Suggestion is null);
            Assert.DoesNotContain("secret", found.Line, StringComparison.Ordinal);
            Assert.DoesNotContain("MII", found.Line, StringComparison.Ordinal);
        }

        _test.Environment["X509_USER_PROXY"] = soon;
        Assert.Equal(6.5, Assert.Single(await LookAsync(), static f => f.Subject == "bnl_rucio_proxy").Credential!.DaysLeft);
    }

    [Theory]
    [InlineData(null, false, "unset", "Ok")]
    [InlineData(null, true, "unset", "Warning")]
    [InlineData("/nowhere/proxy", false, "missing", "Failed")]
    public async Task The_output_proxy_counts_only_if_it_is_set_or_lent(string? path, bool isLent, string status, string state)
    {
        _test.Environment["EVGEN_X509_PROXY"] = path ?? "";

        var found = Assert.Single(await LookAsync(isLent ? "EVGEN_X509_PROXY" : "X509_USER_PROXY"), static f => f.Subject == "evgen_output_proxy");

        Assert.Equal((status, state), (found.Credential!.Status, $"{found.State}"));
    }

    private string Token(string form, double days)
    {
        var ends = (_test.Time.GetUtcNow() + TimeSpan.FromDays(days)).ToUnixTimeSeconds();
        return form.Replace("BODY", Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"sub":"secret-subject","exp":{{ends}}}""")), StringComparison.Ordinal);
    }

    private void Write(string text, UnixFileMode mode = Private) => _folder.Write(".token", text, mode);

    private Task<IReadOnlyList<Finding>> LookAsync(params string[] lent) =>
        _test.LookAsync(s => new CredentialsCheck(s, () => lent.ToHashSet(StringComparer.Ordinal)));

    private async Task<Finding> TokenAsync() => Assert.Single(await LookAsync(), static f => f.Subject == "panda_oidc_token");
}
