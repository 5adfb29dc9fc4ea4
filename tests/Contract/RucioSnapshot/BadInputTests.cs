using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Samples;
using Xunit;

namespace OpsAgent.Tests.Contract.RucioSnapshot;

/// <summary>Whatever goes wrong: a clear error, files and tasks as they were.</summary>
public sealed class BadInputTests(SnapshotPki pki) : IClassFixture<SnapshotPki>
{
    public static TheoryData<string, string> RucioFaults => new()
    {
        { "dids/search", "html" }, { "dids/search", "redirect" }, { "dids/search", "truncated" }, { "dids/search", "object" },
        { "dids/search /FULL/26.02.1/*", "500" }, { "dids", "array" }, { "replicas/datasets", "abort" },
        { "replicas/datasets", "numbers" }, { "auth/userpass", "no token" },
    };

    [Theory]
    [MemberData(nameof(RucioFaults))]
    public async Task A_rucio_that_answers_wrong_changes_nothing(string call, string kind)
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        await scene.RunWellAsync();
        var before = scene.State();
        scene.Facility.Outputs.Remove("/RECO/26.02.0"); // a snapshot that was believed now would lose an output
        scene.Facility.Outputs.FaultAt(call, Fault(kind));

        var run = await scene.RunAsync("26.02");

        Assert.Contains(run.ExitCode, (int[])[14, 15, 16]);
        scene.AssertFailed(run, run.ExitCode, "Rucio", before);
    }

    [Fact]
    public async Task A_failure_that_passes_is_not_seen()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        foreach (var call in (string[])["auth/userpass", "dids/search", "dids", "replicas/datasets"])
        {
            scene.Facility.Outputs.FaultAt(call, new RucioFault { Status = 503, Times = 1 });
        }

        await scene.RunWellAsync();
    }

    [Fact]
    public async Task A_campaign_that_fails_stops_no_other()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Outputs.FaultAt("dids/search /RECO/26.03.0/*", new RucioFault { Status = 500 });

        var run = await scene.RunAsync();

        Assert.Equal(14, run.ExitCode);
        Assert.Contains("26.03: /RECO/26.03.0: Rucio dids/search", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.NotEmpty(scene.Dids(TwoCampaigns.Dis));
        Assert.Contains("\"error\": \"", scene.File("current-26.03.json"), StringComparison.Ordinal); // there was none to keep
        Assert.False(File.Exists(Path.Combine(scene.Folder, "timeline-26.03.json")));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(5)]
    public async Task A_token_that_ends_half_way_is_renewed(int uses)
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Outputs.TokenUses = uses;

        await scene.RunWellAsync();

        Assert.NotEmpty(scene.Dids(TwoCampaigns.Dis));
        Assert.InRange(scene.Facility.Requests.To("/auth/userpass").Count, 2, 40);
    }

    [Fact]
    public async Task A_wrong_password_is_sent_once_and_not_shown()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Environment["JLAB_RUCIO_PASSWORD"] = "hunter2-not-shown";

        var run = await scene.RunAsync("26.02");

        Assert.Equal(15, run.ExitCode);
        Assert.DoesNotContain("hunter2", run.Stderr, StringComparison.Ordinal);
        Assert.Single(scene.Facility.Requests.To("/auth/userpass"));
        Assert.Empty(scene.Patches);
    }

    [Fact]
    public async Task Nulls_empty_and_double_names_strangers_and_replicas_without_rse_are_left_out()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Outputs.StrayLines =
            ["null", "\"\"", "\"/RECO/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=1\"", "\"/RECO/26.02.0/../../../auth/x\"", "\"/RECO/99\""];
        scene.Facility.Outputs.Add("/RECO/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=10", """{"rse": null, "length": 9}""", """{"length": 9}""", "null");

        await scene.RunWellAsync();

        var outputs = scene.Overrides(TwoCampaigns.Dis)["outputs"]!.AsArray();
        Assert.Equal(3, outputs.Count);
        Assert.Equal("""[]""", outputs[1]!["rses"]!.ToJsonString());
        Assert.Equal(2, (int)scene.Json("current-26.02.json")["campaigns"]!["/RECO/26.02.0"]!["count"]!);
        Assert.DoesNotContain(scene.Facility.Requests.All, static r => r.Path.Contains("auth/x", StringComparison.Ordinal) && !r.Path.Contains("userpass", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dataset_that_is_gone_since_it_was_listed_is_left_out()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Outputs.StrayLines = ["\"/RECO/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=1000\""];

        var run = await scene.RunWellAsync();

        Assert.Contains("is gone since it was listed", run.Stderr, StringComparison.Ordinal);
        Assert.Equal(2, scene.Dids(TwoCampaigns.Dis).Count());
    }

    [Fact]
    public async Task A_list_of_fifty_thousand_lines_is_read()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Outputs.StrayLines = [.. Enumerable.Range(0, 50_000).Select(
            static _ => "\"/RECO/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=1\"")];

        var run = await scene.RunWellAsync("26.02");

        Assert.Contains("lines are null, empty or said before", run.Stderr, StringComparison.Ordinal);
        Assert.Equal(2, scene.Dids(TwoCampaigns.Dis).Count());
    }

    [Theory]
    [InlineData("campaigns/status", "redirect")]
    [InlineData("catalog", "page")]
    [InlineData("datasets", "truncated")]
    [InlineData("list", "half")]
    [InlineData("list", "object")]
    [InlineData("task", "403")]
    [InlineData("patch", "redirect")]
    public async Task A_pcs_call_that_fails_writes_no_task(string call, string kind)
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Pcs.FaultAt(call, kind switch
        {
            "redirect" => PcsFault.LoginRedirect,
            "page" => PcsFault.LoginPage,
            "truncated" => new() { Truncate = true },
            "half" => new() { Body = "[1" },
            "object" => new() { Body = "{}" },
            _ => new() { Status = 403 },
        });

        var run = await scene.RunAsync();

        Assert.True(run.ExitCode == 5, $"exit {run.ExitCode}\n{run.Stderr}");
        Assert.Contains("PCS", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.DoesNotContain("secret", run.Stderr, StringComparison.Ordinal);
        Assert.All(scene.Facility.Pcs.Tasks, static t => Assert.False(t.Overrides.ContainsKey("outputs")));
    }

    [Fact]
    public async Task A_pcs_that_fails_half_way_is_6_and_the_next_run_does_the_rest()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Pcs.FaultAt("patch", new PcsFault { Status = 403, After = 1 });

        var run = await scene.RunAsync("26.02");

        Assert.Equal(6, run.ExitCode);
        scene.Facility.Pcs.FaultAt("patch", new PcsFault { Times = 0 });
        await scene.RunWellAsync("26.02");
        Assert.NotEmpty(scene.Dids(TwoCampaigns.Dis));
        Assert.NotEmpty(scene.Dids(TwoCampaigns.Single));
    }

    [Fact]
    public async Task A_patch_whose_answer_is_lost_is_not_sent_again()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Pcs.FaultAt("patch", new PcsFault { AbortAfter = true, Times = 1 });

        await scene.RunWellAsync("26.02");

        Assert.Equal(4, scene.Patches.Count);
    }

    [Fact]
    public async Task No_target_is_1()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Campaigns.Campaigns.Clear();

        scene.AssertFailed(await scene.RunAsync(), 1, "No current Campaign defined in PCS", scene.State());
    }

    [Theory]
    [InlineData("SWF_MONITOR_URL", "")]
    [InlineData("SWF_MONITOR_URL", "http://epic.example/swf-monitor")]
    [InlineData("JLAB_RUCIO_URL", "http://localhost:1")]
    [InlineData("SWF_TMP_DIR", "/nonexistent")]
    [InlineData("EPICPROD_RUCIO_SNAPSHOT_TIMEOUT", "soon")]
    [InlineData("REQUESTS_CA_BUNDLE", "/nonexistent")]
    public async Task A_wrong_setting_is_78_and_named(string variable, string value)
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Environment[variable] = value;

        scene.AssertFailed(await scene.RunAsync(), 78, variable, scene.State());
    }

    [Theory]
    [InlineData("--campaign=../x")]
    [InlineData("a/b")]
    [InlineData("--unknown")]
    [InlineData("@/etc/passwd")]
    public async Task An_argument_of_another_form_is_2(string argument)
    {
        await using var scene = await SnapshotScene.StartAsync(pki);

        scene.AssertFailed(await scene.RunAsync(argument), 2, "--help", scene.State());
        Assert.Empty(Directory.GetFileSystemEntries(scene.Scratch));
    }

    [Fact]
    public async Task A_server_of_another_authority_is_not_believed()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Environment.Remove("REQUESTS_CA_BUNDLE");

        var run = await scene.RunAsync();

        Assert.Equal(5, run.ExitCode);
        Assert.Contains("TLS failed", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Empty(scene.Facility.Requests.All);
    }

    private static RucioFault Fault(string kind) => kind switch
    {
        "html" => new() { Body = "<html>Sign in</html>", ContentType = "text/html" },
        "redirect" => new() { RedirectTo = "https://login.example/" },
        "500" => new() { Status = 500 },
        "truncated" => new() { Truncate = true },
        "abort" => new() { Abort = true },
        "object" => new() { Body = "{\"a\": 1}\n" },
        "array" => new() { Body = "[]" },
        "numbers" => new() { Body = "1\n2\n" },
        _ => new() { OmitToken = true },
    };
}
