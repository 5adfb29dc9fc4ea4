using OpsAgent.Tests.Facility.Rucio;
using OpsAgent.Tests.Facility.Samples;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Contract.RucioSnapshot;

public sealed class SurvivalTests(SnapshotPki pki) : IClassFixture<SnapshotPki>
{
    [Fact]
    public async Task A_run_that_would_empty_too_many_tasks_stops_before_the_first_patch()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        await scene.RunWellAsync();
        var patches = scene.Patches.Count;
        var tasks = scene.Overrides(TwoCampaigns.Dis).ToJsonString();
        scene.Facility.Outputs.Remove("/RECO/26.02.0");
        scene.Facility.Outputs.Remove("/FULL/26.02.0");

        var run = await scene.RunAsync();

        Assert.Equal(3, run.ExitCode);
        Assert.Contains("1 of 2 tasks that have outputs would have none", Assert.Single(run.Errors), StringComparison.Ordinal);
        Assert.Equal(patches, scene.Patches.Count);
        Assert.Equal(tasks, scene.Overrides(TwoCampaigns.Dis).ToJsonString());

        await scene.RunWellAsync("--allow-shrink");

        Assert.Empty(scene.Dids(TwoCampaigns.Dis));
        Assert.Equal(patches + 1, scene.Patches.Count);
    }

    [Fact]
    public async Task A_second_run_at_the_same_time_is_75()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Facility.Outputs.FaultAt("auth/userpass", new RucioFault { Hang = true });
        using var first = scene.Start();
        await Eventually.HoldsAsync(() => scene.Facility.Requests.To("/auth/userpass").Count > 0, "the first run asks for a token");

        var second = await scene.RunAsync("26.03");

        Assert.Equal(75, second.ExitCode);
        first.Signal("TERM");
        Assert.Equal(143, (await first.EndAsync()).ExitCode);
    }

    [Theory]
    [InlineData("auth/userpass")]
    [InlineData("dids/search")]
    [InlineData("replicas/datasets")]
    public async Task A_run_that_is_killed_leaves_files_and_tasks_as_they_were(string at)
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        await scene.RunWellAsync();
        var before = scene.State();
        scene.Facility.Outputs.Remove("/RECO/26.02.0");
        scene.Facility.Outputs.FaultAt(at, new RucioFault { Hang = true });
        var calls = 0;
        scene.Facility.Outputs.OnCall = call => calls += call == at ? 1 : 0;
        using var run = scene.Start();
        await Eventually.HoldsAsync(() => calls > 0, $"the run is at {at}");

        run.Signal("KILL");
        await run.EndAsync();

        Assert.Equal(before, scene.State());
        scene.Facility.Outputs.FaultAt(at, new RucioFault { Times = 0 });
        await scene.RunWellAsync();
    }

    [Fact]
    public async Task What_a_killed_run_left_beside_the_files_is_removed()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        Directory.CreateDirectory(scene.Folder);
        await File.WriteAllTextAsync(Path.Combine(scene.Folder, "current-26.02.json.tmp"), "{");

        await scene.RunWellAsync();

        Assert.DoesNotContain(Directory.GetFiles(scene.Folder), static f => f.EndsWith(".tmp", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_rucio_that_hangs_is_given_up_within_the_runs_own_limit()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        scene.Environment["EPICPROD_RUCIO_SNAPSHOT_TIMEOUT"] = "4";
        scene.Facility.Outputs.FaultAt("dids/search", new RucioFault { Hang = true });

        var run = await scene.RunAsync();

        Assert.Contains(run.ExitCode, (int[])[4, 14]);
        Assert.Empty(scene.Patches);
    }

    [Fact]
    public async Task A_link_in_the_place_of_the_folder_is_77()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);
        Directory.CreateSymbolicLink(scene.Folder, "/tmp");

        var run = await scene.RunAsync();

        Assert.Equal(77, run.ExitCode);
        Assert.Empty(scene.Facility.Requests.All);
    }

    [Fact]
    public async Task Help_has_examples_and_the_exit_codes()
    {
        await using var scene = await SnapshotScene.StartAsync(pki);

        var run = await scene.RunWellAsync("--help");

        Assert.Contains("Examples:", run.Stdout, StringComparison.Ordinal);
        Assert.All((int[])[0, 1, 2, 3, 4, 5, 6, 14, 15, 16, 17, 27, 75, 77, 78, 129, 130, 143], code => Assert.Matches($@"(^|\s){code}[ ,:]", run.Stdout));
    }
}
