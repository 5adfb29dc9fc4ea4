using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Archives;
using Xunit;

namespace OpsAgent.Tests.Contract.PayloadLog;

[Collection(nameof(Site))]
public sealed class FetchingTests(Site site)
{
    [XrootdFact]
    public async Task A_log_is_fetched_over_plain_xrootd_and_cached_as_the_page_wants_it()
    {
        using var fetch = new Fetch(site).Stored();

        var run = await fetch.RunAsync();

        AssertCached(fetch, run);
        Assert.Equal("payload.stdout,pilotlog.txt\n", await File.ReadAllTextAsync(Path.Combine(fetch.Entry, ".done")));
        Assert.Equal("hello from the job\n", await File.ReadAllTextAsync(Path.Combine(fetch.Entry, "payload.stdout")));
        Assert.Equal(3, Directory.GetFileSystemEntries(fetch.Entry).Length);
        fetch.AssertTidy();
    }

    [XrootdFact]
    public async Task A_log_is_fetched_with_the_proxy_from_a_door_that_asks_for_one()
    {
        using var fetch = new Fetch(site);
        site.Gsi.Put(fetch.Lfn, LogTarball.Good());
        fetch.Known(null, new StandInReplica(site.Gsi.Url(fetch.Lfn), "EIC_GSI"));

        AssertCached(fetch, await fetch.RunAsync());
    }

    [XrootdFact]
    public async Task A_proxy_that_the_group_may_read_is_good_for_rucio_and_for_gsi()
    {
        using var fetch = new Fetch(site);
        site.Gsi.Put(fetch.Lfn, LogTarball.Good());
        fetch.Known(null, new StandInReplica(site.Gsi.Url(fetch.Lfn), "EIC_GSI"));
        fetch.Environment["X509_USER_PROXY"] = site.Credentials.WriteProxy("group", TimeSpan.FromHours(-1), TimeSpan.FromHours(1), "0640");

        AssertCached(fetch, await fetch.RunAsync());
    }

    [Fact]
    public async Task An_https_door_is_read_with_the_proxy_as_client_certificate()
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Facility.Storage.Put(fetch.Lfn, tarball);
        var url = $"{site.Facility.Url}/door/{fetch.Lfn}?authz=kept".Replace("https://", "davs://", StringComparison.Ordinal);
        fetch.Known(tarball.Length, new StandInReplica(url, "EIC_HTTP"));

        AssertCached(fetch, await fetch.RunAsync());

        var read = Assert.Single(site.Facility.Requests.To($"/door/{fetch.Lfn}"));
        Assert.Contains("CN=Ops Robot", read.ClientSubject, StringComparison.Ordinal);
        Assert.EndsWith("?authz=kept", read.Path, StringComparison.Ordinal);
    }

    [XrootdFact]
    public async Task A_dead_door_is_passed_over_for_a_good_one()
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        site.Plain.Put(fetch.Lfn, tarball);
        fetch.Known(
            tarball.Length,
            new StandInReplica($"root://localhost:1//store/{fetch.Lfn}", "DEAD_DISK", Priority: 1),
            new StandInReplica(site.Plain.Url(fetch.Lfn), "EIC_DISK", Priority: 2));

        var run = await fetch.RunAsync();

        AssertCached(fetch, run);
        Assert.Contains("door localhost:1: xrdcp exit 51", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_door_that_breaks_off_in_the_middle_is_passed_over_for_a_good_one()
    {
        using var fetch = new Fetch(site);
        var tarball = LogTarball.Good();
        var broken = "broken-" + fetch.Lfn;
        site.Facility.Storage.PutBroken(broken, tarball);
        site.Facility.Storage.Put(fetch.Lfn, tarball);
        fetch.Known(
            tarball.Length,
            new StandInReplica($"{site.Facility.Url}/door/{broken}", "BROKEN_DISK", Priority: 1),
            new StandInReplica($"{site.Facility.Url}/door/{fetch.Lfn}", "EIC_DISK", Priority: 2));

        var run = await fetch.RunAsync();

        AssertCached(fetch, run);
        Assert.Single(site.Facility.Requests.To($"/door/{broken}"));
    }

    [XrootdFact]
    public async Task Modes_are_the_facilitys_whatever_the_umask()
    {
        using var fetch = new Fetch(site).Stored();

        AssertCached(fetch, await fetch.RunBehindAsync("/bin/sh", "-c", "umask 077; exec \"$0\" \"$@\""));

        Assert.All(
            [Path.Combine(fetch.Scratch, "panda-logs"), fetch.Task, fetch.Entry, Path.Combine(fetch.Scratch, "downloads"),
                Path.Combine(fetch.Scratch, ".locks")],
            folder => Assert.Equal("2775", UnixMode.Of(folder)));
        Assert.All(Directory.GetFiles(fetch.Entry), file => Assert.Equal("644", UnixMode.Of(file)));
    }

    [Fact]
    public async Task What_is_cached_is_neither_fetched_again_nor_asked_for()
    {
        using var fetch = new Fetch(site);
        Directory.CreateDirectory(fetch.Entry);
        await File.WriteAllTextAsync(Path.Combine(fetch.Entry, ".done"), "payload.stdout\n");
        fetch.Environment["X509_USER_PROXY"] = "/nonexistent"; // not even looked at
        var before = site.Facility.Requests.All.Count;

        var run = await fetch.RunAsync();

        Assert.Equal(0, run.ExitCode);
        Assert.Contains("already cached", run.Stderr, StringComparison.Ordinal);
        Assert.Empty(run.Stdout);
        Assert.Equal(before, site.Facility.Requests.All.Count);
    }

    [XrootdFact]
    public async Task Force_replaces_a_cached_log()
    {
        using var fetch = new Fetch(site).Stored();
        AssertCached(fetch, await fetch.RunAsync());
        fetch.Stored(LogTarball.Good("second\n"));

        AssertCached(fetch, await fetch.RunAsync("--force"));

        Assert.Equal("second\n", await File.ReadAllTextAsync(Path.Combine(fetch.Entry, "payload.stdout")));
        fetch.AssertTidy();
    }

    [XrootdFact]
    public async Task A_success_removes_the_agents_error_marker()
    {
        using var fetch = new Fetch(site).Stored();
        Directory.CreateDirectory(fetch.Entry);
        await File.WriteAllTextAsync(Path.Combine(fetch.Entry, ".error"), """{"attempts": 2}""");

        AssertCached(fetch, await fetch.RunAsync());

        Assert.False(File.Exists(Path.Combine(fetch.Entry, ".error")));
    }

    [XrootdFact]
    public async Task Account_vo_and_one_proxy_reach_rucio_and_the_token_stays_out_of_the_log()
    {
        using var fetch = new Fetch(site).Stored();
        var before = site.Facility.Requests.All.Count;

        var run = await fetch.RunAsync();

        var asked = site.Facility.Requests.All.Skip(before).ToList();
        Assert.Equal(["/auth/x509", "/replicas/list"], asked.Select(r => r.Path));
        Assert.Equal("panda", asked[0].Headers["X-Rucio-Account"]);
        Assert.Equal("eic", asked[0].Headers["X-Rucio-VO"]);
        Assert.Equal("application/x-json-stream", asked[1].Headers["Accept"]);
        Assert.Equal($$"""{"dids":[{"scope":"group.EIC","name":"{{fetch.Lfn}}"}]}""", asked[1].Body);
        Assert.DoesNotContain(site.Facility.Rucio.Tokens, t => run.Stderr.Contains(t, StringComparison.Ordinal));
    }

    [XrootdFact]
    public async Task An_empty_vo_sends_no_header()
    {
        using var fetch = new Fetch(site).Stored();
        fetch.Environment["RUCIO_VO"] = "";

        AssertCached(fetch, await fetch.RunAsync());

        Assert.False(site.Facility.Requests.To("/auth/x509")[^1].Headers.ContainsKey("X-Rucio-VO"));
    }

    internal static void AssertCached(Fetch fetch, DoerRun run)
    {
        Assert.True(run.ExitCode == 0, run.Stderr);
        Assert.Empty(run.Stdout);
        Assert.Empty(run.Errors);
        Assert.True(File.Exists(Path.Combine(fetch.Entry, ".done")));
    }
}
