using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using OpsAgent.Tests.Contract.PayloadLog;
using OpsAgent.Tests.Facility.Monitor;
using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.Doctor;

/// <summary>The published opsctl against a facility where one thing at a time is wrong.</summary>
[Collection(nameof(DoctorSite))]
public sealed class DoctorTests(DoctorSite site)
{
    [Fact]
    public async Task Where_all_is_well_it_exits_with_0_and_has_looked_at_everything()
    {
        var told = await site.RunAsync();

        Assert.True(told.ExitCode == 0, told.Output);
        Assert.Empty(told.Those("failed"));
        Assert.Contains("senders shutdown", told.Those("warning"));
        Assert.Equal(
            [
                "broker connection", "broker round trip", "broker agent", "monitor registry", "monitor agent", "monitor token", "pcs catalogue",
                "rucio logs", "rucio outputs", "credentials panda_oidc_token", "credentials bnl_rucio_proxy", "credentials evgen_output_proxy",
                "programs xrdcp", "programs prun", "cache folder", "state folder",
            ],
            told.Those("ok").Where(static f => f is not ("user account" or "cache writing" or "cache space" or "state space")));
        told.TellsNoSecret();
    }

    [Theory]
    [InlineData("ACTIVEMQ_PASSWORD", "wrong-word", "broker connection", "login or passcode is wrong", "--password-file")]
    [InlineData("SWF_API_TOKEN", "other", "monitor token", "SWF_API_TOKEN is refused (401)", "renew the token in SWF_API_TOKEN")]
    [InlineData("SWF_API_TOKEN", null, "monitor token", "SWF_API_TOKEN is not set", "set SWF_API_TOKEN")]
    [InlineData("SWFMON_TOKEN", null, "pcs token", "SWFMON_TOKEN or SWF_MONITOR_TOKEN is not set", "set SWFMON_TOKEN")]
    [InlineData("RUCIO_ACCOUNT", "stranger", "rucio logs", "refused (401) account stranger", "RUCIO_ACCOUNT")]
    [InlineData("JLAB_RUCIO_PASSWORD", "wrong-word", "rucio outputs", "refused (401) account eicread", "JLAB_RUCIO_PASSWORD")]
    [InlineData("XRDCP", "/nowhere/xrdcp", "programs xrdcp", "does not exist", "install xrootd-client")]
    [InlineData("SWF_TMP_DIR", "/nowhere", "cache folder", "no folder that this user can see", "install -d -m 2775")]
    public async Task A_variable_that_is_wrong_is_the_one_failure_and_exit_1(string name, string? value, string what, string line, string suggestion)
    {
        var told = await site.RunAsync([(name, value)]);

        told.Fails(what, line, suggestion);
        Assert.Equal(1, told.ExitCode);
        Assert.DoesNotContain("wrong-word", told.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_misbehaves_is_told_with_what_to_correct()
    {
        site.Facility.Monitor.FaultAt(MonitorStandIn.Agents, new MonitorFault { RedirectTo = "https://cilogon.org/authorize?state=secret-subject", Times = 1 });
        (await site.RunAsync(null, "--only", "monitor")).Fails("monitor registry", "a redirect to https://cilogon.org/authorize", "/swf-monitor");

        site.Facility.Pcs.FaultAt("command", PcsFault.LoginRedirect with { Times = 1 });
        (await site.RunAsync(null, "--only", "pcs")).Fails("pcs catalogue", "a redirect to https://cilogon.org/authorize", "SWFMON_TOKEN");

        site.Facility.Pcs.FaultAt("command", new PcsFault { Status = 403, Times = 1 });
        (await site.RunAsync(null, "--only", "pcs")).Fails("pcs catalogue", "refused (403)", "renew the token in SWFMON_TOKEN");

        site.Facility.Rucio.FaultAt("auth/x509", new RucioFault { OmitToken = true, Times = 1 });
        (await site.RunAsync(null, "--only", "rucio")).Fails("rucio logs", "without a token", "RUCIO_URL");
    }

    [Fact]
    public async Task An_authority_that_is_not_trusted_fails_each_service_for_its_certificate()
    {
        using var other = OpsAgent.Tests.Support.Servers.GridCredentials.Create("Other CA");
        var told = await site.RunAsync([("REQUESTS_CA_BUNDLE", other.AuthorityPath)], "--only", "monitor", "pcs", "rucio");

        Assert.Equal(1, told.ExitCode);
        Assert.Equal(["monitor registry", "monitor token", "pcs catalogue", "rucio logs", "rucio outputs"], told.Those("failed"));
        Assert.Equal(5, told.Output.Split("REQUESTS_CA_BUNDLE must hold").Length - 1);
    }

    [Fact]
    public async Task A_broker_and_services_that_take_connections_and_say_nothing_hold_no_other_check()
    {
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        var address = $"127.0.0.1:{((IPEndPoint)silent.LocalEndpoint).Port}";
        var watch = Stopwatch.StartNew();

        var told = await site.RunAsync(
        [
            ("ACTIVEMQ_HOST", address), ("SWF_MONITOR_URL", $"https://{address}/swf-monitor"), ("RUCIO_URL", $"https://{address}"),
            ("JLAB_RUCIO_URL", $"https://{address}"),
        ]);

        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(30), $"{watch.Elapsed}");
        Assert.Equal(1, told.ExitCode);
        Assert.Equal(["broker connection", "monitor registry", "monitor token", "pcs catalogue", "rucio logs", "rucio outputs"], told.Those("failed"));
        Assert.Contains("credentials bnl_rucio_proxy", told.Those("ok"));
    }

    [Fact]
    public async Task Credentials_decide_the_exit_code()
    {
        var grid = site.Facility.Credentials;
        (string? Path, int ExitCode, string Status)[] all =
        [
            (grid.WriteProxy("soon", TimeSpan.FromHours(-1), TimeSpan.FromDays(6)), 3, "expiring"),

            // The shipped manifest says where it is then, and there is none there: the agent would hold every fetch.
            (null, 4, "unset"),
            (grid.WriteProxy("old", TimeSpan.FromHours(-2), TimeSpan.FromHours(-1)), 4, "expired"),
            (grid.WriteProxy("open", TimeSpan.FromHours(-1), TimeSpan.FromDays(30), "0644"), 4, "exposed"),
            ("/nowhere/proxy", 4, "missing"),
            (grid.AuthorityPath, 4, "exposed"),
        ];
        foreach (var (path, exitCode, status) in all)
        {
            var told = await site.RunAsync([("X509_USER_PROXY", path)], "--only", "credentials");
            var proxy = told.Findings.Single(static f => f.GetProperty("subject").GetString() == "bnl_rucio_proxy");
            Assert.Equal((path, exitCode, status), (path, told.ExitCode, proxy.GetProperty("credential").GetProperty("status").GetString()));
            told.TellsNoSecret();
        }

        // A dead broker beside it changes nothing.
        Assert.Equal(3, (await site.RunAsync([("X509_USER_PROXY", all[0].Path), ("ACTIVEMQ_PORT", "1")], "--only", "credentials", "broker")).ExitCode);
    }

    [Fact]
    public async Task A_token_of_the_panda_client_is_a_credential_too()
    {
        try
        {
            foreach (var (left, mode, exitCode, status) in ((double, string, int, string)[])[(5, "0600", 3, "expiring"), (-1, "0600", 4, "expired"), (30, "0604", 4, "exposed")])
            {
                site.WriteToken(TimeSpan.FromDays(left), mode);
                var told = await site.RunAsync(null, "--only", "credentials");
                Assert.Equal((exitCode, true), (told.ExitCode, told.Output.Contains($"\"{status}\"", StringComparison.Ordinal)));
                told.TellsNoSecret();
            }

            var path = site.WriteToken(TimeSpan.FromDays(30));
            File.Delete(path);
            Assert.Equal(4, (await site.RunAsync(null, "--only", "credentials")).ExitCode);
        }
        finally
        {
            site.WriteToken(TimeSpan.FromDays(30));
        }
    }

    [RootFact]
    public async Task Root_judges_as_another_user_by_becoming_it()
    {
        var told = await site.RunAsync(null, "--as-user", "nobody", "--only", "user", "cache", "credentials");

        Assert.Contains("user account", told.Those("ok"));
        Assert.Contains("judged for nobody", told.Output, StringComparison.Ordinal);
        Assert.Contains("cache writing", told.Those("failed"));
        Assert.Contains("credentials bnl_rucio_proxy", told.Those("failed"));
        Assert.Equal(4, told.ExitCode);

        Assert.Contains("user account", (await site.RunAsync(null, "--only", "user")).Those("warning"));
    }

    [Fact]
    public async Task It_leaves_nothing_behind()
    {
        await site.RunAsync();

        Assert.Empty(Directory.EnumerateFileSystemEntries(site.Cache));
        Assert.All(
            site.Facility.Requests.All,
            static r => Assert.Equal("GET", r.Method));
    }
}
