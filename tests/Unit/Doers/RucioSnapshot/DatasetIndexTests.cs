using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using OpsAgent.Doers.RucioSnapshot.Matching;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.RucioSnapshot;

public sealed class DatasetIndexTests
{
    [Fact]
    public void The_index_finds_what_comparing_each_with_each_finds() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(500),
        Prop.ForAll(
            Arb.From(Gen.ListOf(Filters())),
            Arb.From(Gen.ListOf(Filters())),
            (datasets, tasks) =>
            {
                var index = new DatasetIndex([.. datasets]);
                return tasks.All(asked => index.Find(asked).SequenceEqual(OneByOne(asked, [.. datasets])));
            }));

    [Fact]
    public void Too_little_asked_finds_nothing()
    {
        var index = new DatasetIndex([PathFilters.None, PathFilters.None with { Detector = "d" }]);

        Assert.Empty(index.Find(PathFilters.None with { Detector = "d", Q2 = "minQ2=1", Species = "e-" }));
    }

    [Fact]
    public void A_hundred_thousand_datasets_meet_ten_thousand_tasks_in_seconds()
    {
        // A thousand ranges of Q² for each detector, beam and process, so each task still has a thousand groups to look at.
        List<Dataset> datasets = [.. Enumerable.Range(0, 100_000).Select(static i => new Dataset(
            $"epic:/RECO/26.02.{i % 3}/epic_{i % 7}/{(i % 5 == 0 ? "SINGLE/e-" : "DIS/NC")}/{i % 11}x275/q2_{i % 997}to{(i % 997) + 1}/{i}",
            "RECO", null, null, []))];
        List<TaskRow> tasks = [.. Enumerable.Range(0, 10_000).Select(static i => new TaskRow(
            i, $"t{i}", $"t{i}", false, new DatasetRow(i, $"d{i}", $"EVGEN/DIS/NC/{i % 13}x275/q2_{i % 997}", "evgen", $"epic_{i % 7}"), []))];
        var clock = Stopwatch.StartNew();

        var match = CampaignMatch.Of("26.02", "", datasets, tasks, tasks.Select(static t => t.Dataset!));

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(60)); // a few seconds; the rest is for a machine with other work
        Assert.Equal(10_000, match.Tasks.Count);
        Assert.Contains(match.Tasks, static t => t.Outputs.Count > 0);
        Assert.Contains(match.Unmatched, static d => d.Did.Contains("SINGLE", StringComparison.Ordinal));
    }

    private static int[] OneByOne(PathFilters asked, List<PathFilters> datasets) =>
        asked.CanAsk ? [.. Enumerable.Range(0, datasets.Count).Where(i => FilterMatch.Holds(asked, datasets[i]))] : [];

    private static Gen<PathFilters> Filters() =>
        from beam in Gen.Elements("", "10x100", "18x275")
        from physics in Gen.Elements("", "DIS", "NC", "SINGLE")
        from q2 in Gen.Elements("", "minQ2=1", "minQ2=10", "q2_1to10", "q2_2", "q2_", "Q2_1_5")
        from species in Gen.Elements("", "e-", "pi+")
        from energy in Gen.Elements("", "5GeV", "1GeV")
        from detector in Gen.Elements("", "epic_a", "epic_b")
        select new PathFilters(beam, physics, q2, species, energy, detector);
}
