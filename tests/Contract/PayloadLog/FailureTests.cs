using System.Formats.Tar;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support.Archives;
using OpsAgent.Tests.Support.Servers;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

/// <summary>Each failure has its own exit code and one line that says why.</summary>
[Collection(nameof(Site))]
public sealed class FailureTests(Site site)
{
    [Fact]
    public async Task A_missing_proxy_is_10()
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        fetch.Environment["X509_USER_PROXY"] = "/nonexistent/proxy";

        fetch.AssertFailed(await fetch.RunAsync(), 10, "proxy /nonexistent/proxy does not exist");
    }

    [Fact]
    public async Task An_expired_proxy_is_11()
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        fetch.Environment["X509_USER_PROXY"] = site.Credentials.WriteProxy("old", TimeSpan.FromHours(-3), TimeSpan.FromHours(-1));

        fetch.AssertFailed(await fetch.RunAsync(), 11, "expired at");
    }

    [Theory]
    [InlineData("0644")]
    [InlineData("0604")]
    [InlineData("0660")]
    public async Task A_proxy_open_to_others_is_12(string mode)
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        fetch.Environment["X509_USER_PROXY"] =
            site.Credentials.WriteProxy("open" + mode, TimeSpan.FromHours(-1), TimeSpan.FromHours(1), mode);

        fetch.AssertFailed(await fetch.RunAsync(), 12, "has mode " + mode);
    }

    [RootFact]
    public async Task A_proxy_of_a_stranger_is_12()
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        var proxy = site.Credentials.WriteProxy("stranger", TimeSpan.FromHours(-1), TimeSpan.FromHours(1));
        using (var chown = System.Diagnostics.Process.Start("/usr/bin/chown", ["nobody", proxy]))
        {
            await chown.WaitForExitAsync();
        }

        fetch.Environment["X509_USER_PROXY"] = proxy;

        fetch.AssertFailed(await fetch.RunAsync(), 12, "belongs to uid");
    }

    [Fact]
    public async Task A_proxy_file_that_is_none_is_13()
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        var path = Path.Combine(fetch.Scratch, "proxy");
        await File.WriteAllTextAsync(path, "no certificate\n");
        Support.UnixMode.Set(path, "0600");
        fetch.Environment["X509_USER_PROXY"] = path;

        fetch.AssertFailed(await fetch.RunAsync(), 13, "proxy");
    }

    [Fact]
    public async Task A_rucio_that_is_down_is_14_after_a_few_tries()
    {
        using var fetch = new Fetch(site);
        fetch.Environment["RUCIO_URL"] = "https://localhost:1";

        var run = await fetch.RunAsync();

        fetch.AssertFailed(run, 14, "Rucio auth/x509 at localhost:1");
        Assert.Contains("again in", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rucio_of_another_authority_is_14_and_gets_nothing()
    {
        using var strangers = GridCredentials.Create("Strangers CA");
        using var fetch = new Fetch(site);
        fetch.Environment["REQUESTS_CA_BUNDLE"] = strangers.AuthorityPath;
        var before = site.Facility.Requests.All.Count;

        fetch.AssertFailed(await fetch.RunAsync(), 14, "TLS failed");
        Assert.Equal(before, site.Facility.Requests.All.Count);
    }

    [Fact]
    public async Task A_rucio_under_another_name_is_14()
    {
        using var fetch = new Fetch(site);
        fetch.Environment["RUCIO_URL"] = site.Facility.Url.Replace("localhost", "127.0.0.2", StringComparison.Ordinal);

        fetch.AssertFailed(await fetch.RunAsync(), 14, "Rucio");
    }

    [Fact]
    public async Task A_refused_account_is_15()
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        fetch.Environment["RUCIO_ACCOUNT"] = "nobody";

        fetch.AssertFailed(await fetch.RunAsync(), 15, "answered 401 CannotAuthenticate");
    }

    [Theory]
    [MemberData(nameof(WrongAnswers))]
    public async Task An_answer_that_is_not_rucios_is_16(string call, string told, RucioFault fault)
    {
        using var fetch = new Fetch(site).Known(1, Dead("a"));
        site.Facility.Rucio.FaultAt(call, fault with { Times = 1 });

        fetch.AssertFailed(await fetch.RunAsync(), 16, told);
    }

    public static TheoryData<string, string, RucioFault> WrongAnswers() => new()
    {
        { "auth/x509", "a redirect to https://cilogon.org/login; not followed", new RucioFault { RedirectTo = "https://cilogon.org/login?code=a%20secret" } },
        { "replicas/list", "a redirect to /login; not followed", new RucioFault { RedirectTo = "/login?code=a%20secret" } },
        { "auth/x509", "without a token", new RucioFault { OmitToken = true } },
        { "replicas/list", "HTML", new RucioFault { Body = "<html>", ContentType = "text/html" } },
        { "replicas/list", "a line is no JSON", new RucioFault { Body = "<html>" } },
        { "replicas/list", "a line is no JSON", new RucioFault { Body = new string('[', 100) } },
        { "replicas/list", "a line is no JSON object", new RucioFault { Body = "[1]" } },
        { "replicas/list", "line beyond 1 MiB", new RucioFault { Body = new string(' ', 2 << 20) } },
    };

    [XrootdFact]
    public async Task Passing_faults_of_rucio_are_ridden_out()
    {
        using var fetch = new Fetch(site).Stored();
        site.Facility.Rucio.FaultAt("auth/x509", new RucioFault { Status = 503, Times = 1 });
        site.Facility.Rucio.FaultAt("replicas/list", new RucioFault { Truncate = true, Times = 2 });

        FetchingTests.AssertCached(fetch, await fetch.RunAsync());
    }

    [Fact]
    public async Task A_rucio_that_stays_ill_is_14()
    {
        using var fetch = new Fetch(site);
        site.Facility.Rucio.FaultAt("auth/x509", new RucioFault { Status = 502, Times = 4 });

        fetch.AssertFailed(await fetch.RunAsync(), 14, "answered 502");
    }

    [Fact]
    public async Task An_unknown_did_is_17()
    {
        using var fetch = new Fetch(site);

        fetch.AssertFailed(await fetch.RunAsync(), 17, "unknown DID (404 DataIdentifierNotFound");
    }

    [Fact]
    public async Task A_did_without_replicas_is_18()
    {
        using var fetch = new Fetch(site).Known(1);

        fetch.AssertFailed(await fetch.RunAsync(), 18, "Rucio knows no replica of it");
    }

    [Fact]
    public async Task A_did_with_bad_replicas_only_is_18()
    {
        using var fetch = new Fetch(site).Known(1, Dead("EIC_DISK") with { State = "BAD" });

        fetch.AssertFailed(await fetch.RunAsync(), 18, "EIC_DISK BAD");
    }

    [XrootdFact]
    public async Task Doors_that_all_fail_are_19_and_each_is_told()
    {
        using var fetch = new Fetch(site);
        fetch.Known(1, Dead("a"), new StandInReplica(site.Plain.Url("never-stored"), "b"));

        var run = await fetch.RunAsync();

        fetch.AssertFailed(run, 19, "none of 2 doors delivered: localhost:1: xrdcp exit 51");
        Assert.Contains($"localhost:{site.Plain.Port}: xrdcp exit 54", run.Errors[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirecting_https_door_is_not_followed()
    {
        using var fetch = new Fetch(site);
        site.Facility.Storage.Redirect(fetch.Lfn, "https://elsewhere.invalid/x?authz=Bearer%20secret");
        fetch.Known(1, new StandInReplica($"{site.Facility.Url}/door/{fetch.Lfn}", "a"));

        fetch.AssertFailed(await fetch.RunAsync(), 19, "a redirect to https://elsewhere.invalid/x; not followed");
    }

    [XrootdFact]
    public async Task A_token_in_a_doors_url_is_in_nothing_that_the_doer_says()
    {
        using var fetch = new Fetch(site);
        const string token = "eyJhbGciOiJSUzI1NiJ9.secret";
        fetch.Known(
            1,
            new StandInReplica($"{site.Plain.Url("never-stored")}?authz=Bearer%20{token}", "a"),
            new StandInReplica($"root://localhost:1//store/x?authz=Bearer%20{token}", "b"),
            new StandInReplica($"{site.Facility.Url}/door/never-stored?authz=Bearer%20{token}", "c"));
        fetch.Environment["XRD_LOGLEVEL"] = "Debug"; // xrdcp then tells each URL it uses, whole and in parts

        var run = await fetch.RunAsync();

        fetch.AssertFailed(run, 19, "none of 3 doors delivered");
        Assert.Contains("never-stored", run.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("eyJ", run.Stderr, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Stderr, StringComparison.Ordinal);
    }

    [XrootdFact]
    public async Task A_token_in_a_doors_url_is_in_no_argument_of_xrdcp()
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Plain.Put(fetch.Lfn, tarball);
        fetch.Known(tarball.Length, new StandInReplica($"{site.Plain.Url(fetch.Lfn)}?authz=Bearer%20secret", "a"));
        fetch.Environment["XRDCP"] = Path.Combine(fetch.Scratch, "xrdcp");
        await File.WriteAllTextAsync(
            fetch.Environment["XRDCP"], "#!/bin/sh\necho \"$@\" >\"$SWF_TMP_DIR/seen\"\nexec /usr/bin/xrdcp \"$@\"\n");
        Support.UnixMode.Set(fetch.Environment["XRDCP"], "0755");

        FetchingTests.AssertCached(fetch, await fetch.RunAsync());

        var seen = await File.ReadAllTextAsync(Path.Combine(fetch.Scratch, "seen"));
        Assert.DoesNotContain("localhost", seen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", seen, StringComparison.Ordinal);
    }

    [XrootdFact]
    public async Task A_file_of_another_size_than_rucios_is_19()
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Plain.Put(fetch.Lfn, tarball);
        fetch.Known(tarball.Length + 1, new StandInReplica(site.Plain.Url(fetch.Lfn), "a"));

        fetch.AssertFailed(await fetch.RunAsync(), 19, $"delivered {tarball.Length} bytes of {tarball.Length + 1}");
    }

    [Theory]
    [MemberData(nameof(BadTarballs))]
    public async Task A_bad_tarball_has_its_own_code(int code, string told, byte[] tarball)
    {
        using var fetch = new Fetch(site);
        site.Facility.Storage.Put(fetch.Lfn, tarball);
        fetch.Known(tarball.Length, new StandInReplica($"{site.Facility.Url}/door/{fetch.Lfn}", "a"));

        fetch.AssertFailed(await fetch.RunAsync(), code, told);
    }

    public static TheoryData<int, string, byte[]> BadTarballs()
    {
        using var link = new LogTarball();
        using var escape = new LogTarball();
        using var none = new LogTarball();
        using var absolute = new LogTarball();
        return new()
        {
            { 21, "ends too early", LogTarball.Good()[..^9] },
            { 22, "no gzip tarball", "this is no tarball, whatever its name says"u8.ToArray() },
            { 23, "ratio beyond 200", LogTarball.Gzip(new LogTarball().Raw("d/payload.stdout", new byte[32 << 20]).ToTar()) },
            { 24, "is a SymbolicLink", link.Link("payload.stdout", "/etc/passwd").ToGzip() },
            { 25, "'../../payload.stdout' leads out", escape.Raw("../../payload.stdout", [1]).ToGzip() },
            { 25, "leads out", absolute.Raw("/payload.stdout", [1]).ToGzip() },
            { 26, "none of payload.stdout", none.File("other", "x").ToGzip() },
        };
    }

    private static StandInReplica Dead(string rse) => new("root://localhost:1//store/x", rse);
}
