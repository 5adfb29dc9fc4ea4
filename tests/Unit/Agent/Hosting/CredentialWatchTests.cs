using System.Buffers.Text;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using Microsoft.Extensions.Logging.Abstractions;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Hosting;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class CredentialWatchTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly FakeTime _time = new();
    private readonly HoldTable _holds = new();
    private readonly Dictionary<string, string> _environment;

    public CredentialWatchTests() => _environment = new()
    {
        ["HOME"] = _folder.Path,
        ["PROXY"] = _folder.At("proxy"),
        ["TOKEN"] = "not-a-path",
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(30, "ok", 29.9)]
    [InlineData(6, "expiring", 5.9)]
    [InlineData(-1, "expired", -1.1)]
    public void A_chain_is_good_until_the_first_of_it_ends(int days, string status, double left)
    {
        _folder.Write("proxy", $"{Certificate(days)}{Certificate(300)}-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----\n");

        Assert.Equal(new CredentialAnswer("proxy", _folder.At("proxy"), status, left), Assert.Single(Look()));
    }

    [Fact]
    public void What_is_missing_or_no_credential_is_told_and_a_secret_in_a_variable_is_not_looked_at()
    {
        Assert.Equal("missing", Assert.Single(Look()).Status);
        _folder.Write("proxy", "nothing of the kind");
        Assert.Equal("unreadable", Assert.Single(Look()).Status);
        _folder.Write("proxy", "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n");
        Assert.Equal("unreadable", Assert.Single(Look()).Status);
    }

    [Theory]
    [InlineData("{{\"id_token\": \"{0}\", \"refresh_token\": \"r\"}}")]
    [InlineData("{0}\n")]
    public void The_panda_clients_token_is_looked_at_where_there_is_one(string form)
    {
        var claims = Encoding.UTF8.GetBytes($"{{\"exp\":{(_time.GetUtcNow() + TimeSpan.FromDays(2.05)).ToUnixTimeSeconds()}}}");
        _folder.Write(".pathena/.token", string.Format(null, form, $"h.{Base64Url.EncodeToString(claims)}.s"));

        var token = Look()[1];
        Assert.Equal(("panda_oidc_token", "expiring", 2.0), (token.Name, token.Status, token.DaysLeft!.Value));

        _environment["CREDENTIAL_EXPIRY_WARN_DAYS"] = "1.5";
        Assert.Equal("ok", Look()[1].Status);
    }

    [Fact]
    public void One_that_has_a_kind_is_judged_as_before_a_doer_s_start()
    {
        const string more = "[credential.users]\nkind = \"userpass\"\nenv = \"USERS\"\n[credential.none]\nkind = \"userpass\"\nenv = \"NONE\"\noptional = true\n";
        Assert.Equal(new CredentialAnswer("users", "USERS", "unset", null), Look(more)[1]);

        _environment["USERS"] = _folder.Write("users", "reader:secret", UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Equal(new CredentialAnswer("users", _folder.At("users"), "exposed", null), Look(more)[1]);

        File.SetUnixFileMode(_folder.At("users"), UnixFileMode.UserRead);
        Assert.Equal(["missing", "ok"], Look(more).Select(static c => c.Status));
    }

    [Fact]
    public async Task It_looks_again_after_a_while()
    {
        using var watch = Make();
        await watch.StartAsync(CancellationToken.None);
        _time.Advance(TimeSpan.Zero);
        await Eventually.HoldsAsync(() => watch.Now is [{ Status: "missing" }] && _time.ArmedTimers == 1, "the first look");
        _folder.Write("proxy", Certificate(30));
        _time.Advance(TimeSpan.FromMinutes(10));

        await Eventually.HoldsAsync(() => watch.Now is [{ Status: "ok" }], "the next look");
    }

    [Fact]
    public async Task It_looks_again_when_a_hold_begins_or_ends()
    {
        using var watch = Make();
        await watch.StartAsync(CancellationToken.None);
        _time.Advance(TimeSpan.Zero);
        await Eventually.HoldsAsync(() => watch.Now is [{ Status: "missing" }], "the first look");
        _folder.Write("proxy", "garbled");
        _holds.Set(new HeldType(new MsgType("act"), new LaneName("work"), HoldCause.Credential, "it is over", _time.GetUtcNow()));
        await Eventually.HoldsAsync(() => watch.Now is [{ Status: "unreadable" }], "a look at the begin");
        _folder.Write("proxy", Certificate(30));
        _holds.Remove(new MsgType("act"));

        await Eventually.HoldsAsync(() => watch.Now is [{ Status: "ok" }], "a look at the end");
    }

    [Fact]
    public async Task A_pipe_in_a_credential_s_place_holds_up_no_look()
    {
        Directory.CreateDirectory(_folder.At(".pathena"));
        foreach (var path in new[] { _folder.At("proxy"), _folder.At(".pathena/.token") })
        {
            using var made = Process.Start("mkfifo", path);
            await made.WaitForExitAsync();
        }

        var looked = await Task.Factory.StartNew(() => Look(), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default)
            .WaitAsync(Eventually.Limit, TimeProvider.System);

        Assert.Equal(["unreadable", "unreadable"], looked.Select(static c => c.Status));
    }

    private IReadOnlyList<CredentialAnswer> Look(string more = "")
    {
        using var watch = Make(more);
        watch.Look();
        return watch.Now;
    }

    private CredentialWatch Make(string more = "")
    {
        var file = _folder.Write("agent.toml", "[credential.proxy]\nenv = \"PROXY\"\n[credential.token]\nenv = \"TOKEN\"\n" + more);
        var line = CommandLine.Parse(["--config", file, "--set", "agent.state_dir=/nowhere/state", "--set", "agent.tmp_dir=/nowhere/tmp"]);
        var startup = Startup.Read(line, _environment);
        Assert.Empty(startup.Errors);
        return new CredentialWatch(new ManifestInForce(startup.Manifest!), startup, _holds, _time, NullLogger<CredentialWatch>.Instance);
    }

    private string Certificate(int days)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var end = _time.GetUtcNow().AddDays(days).AddHours(-1);
        using var certificate = new CertificateRequest("CN=x", key, HashAlgorithmName.SHA256).CreateSelfSigned(end.AddDays(-10), end);
        return certificate.ExportCertificatePem() + "\n";
    }
}
