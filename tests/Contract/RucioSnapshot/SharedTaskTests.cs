using OpsAgent.Tests.Facility.Pcs;
using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Samples;
using Xunit;

namespace OpsAgent.Tests.Contract.RucioSnapshot;

/// <summary>A task in the catalogues of two current campaigns is never written from what is known of one of them.</summary>
public sealed class SharedTaskTests(SnapshotPki pki) : IClassFixture<SnapshotPki>
{
    private const string Another = "26.04";

    [Theory]
    [InlineData("")]
    [InlineData("26.02")]
    [InlineData("26.02 26.04")]
    public async Task It_is_left_alone_whichever_campaigns_are_named_and_the_others_are_written(string named)
    {
        await using var scene = await StartAsync("current");
        var before = scene.Overrides(TwoCampaigns.Dis).ToJsonString();

        var run = await scene.RunWellAsync(named.Split(' ', StringSplitOptions.RemoveEmptyEntries));

        AssertLeftAlone(scene, before);
        Assert.Contains($"WARNING: 26.02: task {TwoCampaigns.Dis} is in the catalogue of {Another}, a current campaign, too; left alone", run.Stderr, StringComparison.Ordinal);
        Assert.Equal([TwoCampaigns.SingleDid], scene.Dids(TwoCampaigns.Single));
        Assert.Equal(4, (int)scene.Json("match-26.02.json")["summary"]!["tasks_seen"]!);
    }

    [Theory]
    [InlineData("/RECO/26.02.0/*")]
    [InlineData("/RECO/26.04.0/*")]
    public async Task It_is_left_alone_when_one_of_the_searches_failed(string search)
    {
        await using var scene = await StartAsync("current");
        var before = scene.Overrides(TwoCampaigns.Dis).ToJsonString();
        scene.Facility.Outputs.FaultAt("dids/search " + search, new RucioFault { Status = 500 });

        var run = await scene.RunAsync();

        Assert.Equal(14, run.ExitCode);
        AssertLeftAlone(scene, before);
        Assert.Contains("WARNING: 26.0", run.Stderr, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_owns_is_still_only_referred_to_by_others()
    {
        await using var scene = await StartAsync("current", TwoCampaigns.Single);

        await scene.RunWellAsync("26.02");

        Assert.Empty(scene.Dids(TwoCampaigns.Single));
        Assert.Empty(scene.Dids(TwoCampaigns.SingleAgain));
        Assert.Equal([TwoCampaigns.SingleDid], scene.Dids(TwoCampaigns.SingleAgain, "output_refs"));
    }

    [Fact]
    public async Task Without_the_catalogue_of_a_campaign_that_was_not_named_no_task_is_written()
    {
        await using var scene = await StartAsync("current");
        scene.Facility.Pcs.FaultAt("catalog", new PcsFault { Status = 403, After = 1 });

        var run = await scene.RunAsync("26.02");

        Assert.Equal(5, run.ExitCode);
        Assert.Empty(scene.Patches);
    }

    [Fact]
    public async Task One_that_a_campaign_shares_that_is_not_current_is_written()
    {
        await using var scene = await StartAsync("last");

        var run = await scene.RunWellAsync("26.02");

        Assert.NotEmpty(scene.Dids(TwoCampaigns.Dis));
        Assert.DoesNotContain("WARNING", run.Stderr, StringComparison.Ordinal);
    }

    private static void AssertLeftAlone(SnapshotScene scene, string before)
    {
        Assert.Equal(before, scene.Overrides(TwoCampaigns.Dis).ToJsonString());
        Assert.DoesNotContain(scene.Patches, static p => p.Path.Contains(TwoCampaigns.Dis, StringComparison.Ordinal));
    }

    private async Task<SnapshotScene> StartAsync(string lifecycle, string shared = TwoCampaigns.Dis)
    {
        var scene = await SnapshotScene.StartAsync(pki);
        var another = new PcsCampaign(Another, lifecycle, IsTarget: true);
        another.Samples.Add((shared, "26.04.0"));
        scene.Facility.Campaigns.Campaigns.Add(another);
        return scene;
    }
}
