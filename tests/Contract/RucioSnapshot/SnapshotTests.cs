using System.Text.Json.Nodes;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Samples;
using Xunit;

namespace OpsAgent.Tests.Contract.RucioSnapshot;

public sealed class SnapshotTests(SnapshotPki pki) : IClassFixture<SnapshotPki>
{
    private const string Dis = "epic_craterlake/DIS/NC/10x100/minQ2=1";
    private const UnixFileMode ReadByAll = (UnixFileMode)0b110_100_100;

    [Fact]
    public async Task The_files_have_what_pages_read()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);

        var run = await scene.RunWellAsync();

        var current = scene.Json("current-26.02.json");
        Assert.Equal(["fetched_at", "scope", "campaign_name", "campaigns"], current.Select(static p => p.Key));
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$", (string?)current["fetched_at"]);
        Assert.Equal(
            ["/RECO/26.02.0 1", "/RECO/26.02.1 2", "/FULL/26.02.0 1", "/FULL/26.02.1 0"],
            current["campaigns"]!.AsObject().Select(static p => $"{p.Key} {p.Value!["count"]}"));
        var dataset = current["campaigns"]!["/RECO/26.02.0"]!["datasets"]![0]!;
        Assert.Equal("epic:/RECO/26.02.0/" + Dis, (string?)dataset["did"]);
        Assert.Equal(["did", "length", "bytes", "rse_replicas"], dataset.AsObject().Select(static p => p.Key));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(DatasetCatalog.Replica("EIC-XRD", 10, 7)), dataset["rse_replicas"]![1]));
        Assert.Contains("\n  \"scope\": \"epic\",\n", scene.File("current-26.02.json"), StringComparison.Ordinal);

        var timeline = scene.Json("timeline-26.02.json");
        Assert.Equal("2026-02-02T00:00:00", (string?)timeline["dates"]![0]);
        Assert.Equal("[2,2,2,3]", new JsonArray([.. timeline["reco"]!["cum_datasets"]!.AsArray().Take(4).Select(static n => n!.DeepClone())]).ToJsonString());
        Assert.Equal((string?)current["fetched_at"], (string?)timeline["snapshot_fetched_at"]);

        var match = scene.Json("match-26.02.json");
        Assert.Equal(4, (int)match["summary"]!["tasks_seen"]!);
        Assert.Equal(3, (int)match["summary"]!["tasks_matched"]!);
        Assert.Equal("epic:/RECO/26.02.1/epic_craterlake/SINGLE/pi+/5GeV", (string?)Assert.Single(match["rucio_unmatched"]!.AsArray())!["did"]);
        Assert.Equal(
            """[{"version":"26.03","count":1,"editions":{"26.03.0":1}},{"version":"26.02","count":3,"editions":{"26.02.0":1,"26.02.1":2}}]""",
            match["detected_releases"]!.ToJsonString());
        Assert.Null(scene.Json("match-26.03.json")["summary"]);
        Assert.Equal(2, run.Stdout.TrimEnd().Split('\n').Length);
        Assert.StartsWith("26.02: 4 datasets in 4 paths, 1 of them no task's; 3 of 4 tasks matched, 4 changed", run.Stdout, StringComparison.Ordinal);
        Assert.All(Directory.GetFiles(scene.Folder), static f => Assert.Equal(ReadByAll, File.GetUnixFileMode(f)));
        Assert.Equal(6, Directory.GetFiles(scene.Folder).Length);
    }

    [Fact]
    public async Task Tasks_get_their_outputs_and_references_and_keep_what_others_wrote()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);

        await scene.RunWellAsync();

        var fetched = (string?)scene.Json("current-26.02.json")["fetched_at"];
        Assert.Equal([$"epic:/RECO/26.02.0/{Dis}", $"epic:/FULL/26.02.0/{Dis}"], scene.Dids(TwoCampaigns.Dis));
        var entry = $$"""
            {"did":"epic:/RECO/26.02.0/{{Dis}}","stage":"RECO","version":"26.02.0",
             "filters":{"beam":"10x100","physics":"NC","q2":"minQ2=1","species":"","energy":"","detector":"epic_craterlake"},
             "rses":[{"rse":"BNL-XRD","files":10,"total":10,"complete":true},{"rse":"EIC-XRD","files":7,"total":10,"complete":false}],
             "file_count":10,"bytes":1000,"complete":false,"checked_at":"{{fetched}}"}
            """;
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(entry), scene.Overrides(TwoCampaigns.Dis)["outputs"]![0]));
        Assert.Equal([TwoCampaigns.SingleDid], scene.Dids(TwoCampaigns.Single));
        var reference = $$"""[{"did":"{{TwoCampaigns.SingleDid}}","stage":"RECO","owner":"{{TwoCampaigns.Single}}","checked_at":"{{fetched}}"}]""";
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(reference), scene.Overrides(TwoCampaigns.SingleAgain)["output_refs"]));
        Assert.Empty(scene.Dids(TwoCampaigns.SingleAgain));
        Assert.Empty(scene.Dids(TwoCampaigns.Charged));
        Assert.All(scene.Facility.Pcs.Tasks, static t => Assert.Equal("kept", (string?)t.Overrides["note"]));
        Assert.Equal("""{"filters":{"beam":"","physics":"SINGLE","species":"e-","energy":"5GeV"}}""", scene.Overrides(TwoCampaigns.Single)["csv_import"]!.ToJsonString());
        Assert.All(scene.Patches, p => Assert.Equal($"Token {scene.Facility.Pcs.Token}", p.Headers["Authorization"]));
        Assert.All(scene.Patches, static p => Assert.Equal(["overrides"], JsonNode.Parse(p.Body)!.AsObject().Select(static f => f.Key)));
    }

    [Fact]
    public async Task Tasks_of_another_campaign_are_not_touched_though_they_share_a_detector_version()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        var before = scene.Overrides(TwoCampaigns.OtherDis).ToJsonString();

        await scene.RunWellAsync();

        Assert.Equal(before, scene.Overrides(TwoCampaigns.OtherDis).ToJsonString());
        Assert.DoesNotContain(scene.Patches, static p => p.Path.Contains(TwoCampaigns.OtherDis, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_second_run_writes_no_task()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        await scene.RunWellAsync();
        var patches = scene.Patches.Count;

        await scene.RunWellAsync();

        Assert.Equal(4, patches);
        Assert.Equal(patches, scene.Patches.Count);
    }

    [Fact]
    public async Task What_another_writer_adds_between_list_and_patch_survives()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Pcs.OnCall = call =>
        {
            if (call == "task")
            {
                foreach (var task in scene.Facility.Pcs.Tasks)
                {
                    lock (task)
                    {
                        task.Overrides = (JsonObject)JsonNode.Parse(task.Overrides.ToJsonString())!;
                        task.Overrides["questionnaire_matches"] = new JsonArray(1);
                    }
                }
            }
        };

        await scene.RunWellAsync("26.02");

        Assert.Equal("[1]", scene.Overrides(TwoCampaigns.Dis)["questionnaire_matches"]!.ToJsonString());
        Assert.NotEmpty(scene.Dids(TwoCampaigns.Dis));
    }

    [Fact]
    public async Task A_named_campaign_is_taken_alone()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);

        await scene.RunWellAsync("--campaign=26.03");

        Assert.Equal(
            ["current-26.03.json", "match-26.03.json", "timeline-26.03.json"],
            Directory.GetFiles(scene.Folder).Select(Path.GetFileName).Order(StringComparer.Ordinal));
        Assert.Empty(scene.Patches);
    }

    [Fact]
    public async Task A_dry_run_writes_nothing_and_tells_what_it_would()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        var before = scene.State();

        var run = await scene.RunWellAsync("--dry-run");

        Assert.Equal(before, scene.State());
        Assert.Contains($"would PATCH {TwoCampaigns.Dis}: 2 outputs, 0 references", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_password_and_token_go_to_their_own_services_only()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);

        await scene.RunWellAsync();

        Assert.All(scene.Facility.Requests.To("/swf-monitor/"), static r => Assert.DoesNotContain(r.Headers.Keys, static h => h.StartsWith("X-Rucio", StringComparison.OrdinalIgnoreCase)));
        Assert.All(
            scene.Facility.Requests.All.Where(static r => !r.Path.StartsWith("/swf-monitor/", StringComparison.Ordinal)),
            static r => Assert.False(r.Headers.ContainsKey("Authorization")));
        Assert.Single(scene.Facility.Requests.To("/auth/userpass"));
    }
}
