using System.Globalization;
using System.Text.Json.Nodes;
using OpsAgent.Doers.RucioSnapshot.Matching;
using OpsAgent.Doers.RucioSnapshot.Writing;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Unit.Doers.RucioSnapshot;

/// <summary>The facility's present matching and ours say the same.</summary>
public sealed class GoldenVectorTests(ITestOutputHelper output)
{
    [Fact]
    public void Inputs_paths_read_the_same() => Each("extract_csv_filters", vector => Same(
        vector["out"], PathReader.OfInput((string?)vector["path"], (string?)vector["detector_config"]).ToJson()));

    [Fact]
    public void Datasets_names_read_the_same()
    {
        Each("extract_past_filters", vector => Same(vector["out"], PathReader.OfDataset((string)vector["did"]!).ToJson()));
        Each("did_version", vector => Same(vector["out"], DatasetName.Version((string)vector["did"]!)));
    }

    [Fact]
    public void Ranges_of_q2_read_and_meet_the_same()
    {
        Each("q2_range", vector =>
        {
            var range = Q2Range.Parse((string)vector["q2"]!);
            Assert.Equal(vector["out"] is null, range is null);
            if (range is { } read)
            {
                Assert.Equal((double)vector["out"]![0]!, read.From);
                Assert.Equal(vector["out"]![1]!.ToString() == "inf" ? double.PositiveInfinity : (double)vector["out"]![1]!, read.To);
            }
        });
        Each("q2_overlap", vector =>
        {
            var (asked, dataset) = ((string)vector["req"]!, (string)vector["did"]!);
            Assert.Equal((bool)vector["out"]!, FilterMatch.Q2Meets(asked, Q2Range.Parse(asked), dataset, Q2Range.Parse(dataset)));
        });
    }

    [Fact]
    public void Filters_match_the_same() => Each("filter_match", vector => Assert.Equal(
        (bool)vector["out"]!,
        FilterMatch.Holds(PathFilters.FromJson((JsonObject)vector["req"]!), PathFilters.FromJson((JsonObject)vector["did"]!))));

    [Fact]
    public void Entries_add_up_the_same()
    {
        Each("rucio_match_to_output", vector => Same(
            vector["out"], new OutputEntry(Staged(vector["in"]!)).ToJson((string)vector["checked_at"]!)));
        Each("aggregate_rucio_match", vector => Same(
            vector["out"], StageTotals.Of(vector["in"]!.AsArray().Select(static d => Staged(d!)).Select(static d => (d.Stage, new OutputEntry(d))))));
    }

    [Fact]
    public void Releases_are_detected_the_same()
    {
        if (Vectors("detected_releases") is { } vector)
        {
            Same(vector["out"], DetectedReleases.Of(vector["names"]!.AsArray().Select(static n => (string)n!)));
        }
    }

    [Fact]
    public void The_timeline_is_the_same()
    {
        if (Vectors("timeline_first6bins") is not { } vector)
        {
            return;
        }

        var datasets = GoldenScenario.Datasets((JsonObject)vector["in"]!["campaigns"]!).ToList();
        var last = new DateTimeOffset(2026, 2, 4, 3, 0, 0, TimeSpan.Zero);
        Same(vector["out_first6"], Timeline.Of(datasets, last));
        Same(vector["empty_out"], Timeline.Of([], last));
        var first = DateTime.Parse((string)vector["out_first6"]!["dates"]![0]!, CultureInfo.InvariantCulture);
        var bins = (int)vector["bins_total_extends_to_now"]!;
        var now = new DateTimeOffset(first.AddHours((12 * bins) - 1), TimeSpan.Zero);
        Assert.Equal(bins, Timeline.Of(datasets, now)["dates"]!.AsArray().Count);
    }

    [Fact]
    public void Campaigns_match_the_same() => Each("match_scenarios", vector =>
    {
        var scenario = new GoldenScenario((JsonObject)vector);
        var snapshot = vector["in"]!["snapshot"]!;

        var match = CampaignMatch.Of(
            (string)snapshot["campaign_name"]!,
            (string)snapshot["fetched_at"]!,
            GoldenScenario.Datasets((JsonObject)snapshot["campaigns"]!),
            scenario.Tasks,
            scenario.Rows);

        Same(vector["summary"], match.Summary);
        Same(vector["campaign_data"]!["rucio_unmatched"], new JsonArray([.. match.Unmatched.Select(static d => new OutputEntry(d).ToUnmatchedJson())]));
        foreach (var lists in match.Tasks)
        {
            Same(vector["tasks_after"]![lists.Task.Name], TaskOverrides.With(lists.Task.Overrides, lists));
        }

        Same(vector["owners"], Owners(scenario));
    });

    [Fact]
    public void Ownership_consolidates_the_same_and_a_second_time_changes_nothing() => Each("consolidation_scenarios", vector =>
    {
        var scenario = new GoldenScenario((JsonObject)vector);
        Same(vector["owners"], Owners(scenario));
        var owners = Ownership.Of(scenario.Rows, scenario.Tasks);
        List<TaskLists> tasks = [.. scenario.Tasks.Select(TaskLists.Now)];

        var done = Consolidation.Of(tasks, owners);

        Assert.Equal(new Consolidation((int)vector["out"]!["moved_to_refs"]!, (int)vector["out"]!["tasks_touched"]!), done);
        foreach (var lists in tasks)
        {
            var after = (JsonObject)lists.Task.Overrides.DeepClone();
            Put(after, "outputs", lists.Outputs.Select(static o => o.Content()));
            Put(after, "output_refs", lists.References.Select(static r => r.ToJson()));
            Same(vector["overrides_after"]![lists.Task.Name] ?? new JsonObject(), after);
        }

        Assert.Equal(new Consolidation((int)vector["second_run_moves"]!, 0), Consolidation.Of(tasks, owners));
    });

    private static JsonObject Owners(GoldenScenario scenario) => new(Ownership.Of(scenario.Rows, scenario.Tasks)
        .Select(static o => KeyValuePair.Create(o.Key, (JsonNode?)o.Value.Name)));

    private static void Put(JsonObject overrides, string key, IEnumerable<JsonObject> entries)
    {
        var list = new JsonArray([.. entries]);
        if (list.Count > 0 || overrides.ContainsKey(key))
        {
            overrides[key] = list;
        }
    }

    private static Dataset Staged(JsonNode dataset) => GoldenScenario.Dataset((JsonObject)dataset, (string)dataset["stage"]!);

    private static void Same(JsonNode? expected, JsonNode? actual) => Assert.True(
        JsonNode.DeepEquals(JsonNode.Parse(expected?.ToJsonString() ?? "null"), JsonNode.Parse(actual?.ToJsonString() ?? "null")),
        $"expected {expected?.ToJsonString()}\nbut was  {actual?.ToJsonString()}");

    private JsonNode? Vectors(string group) => GoldenData.Read(output.WriteLine)?[group];

    private void Each(string group, Action<JsonNode> check)
    {
        if (Vectors(group) is not { } vectors)
        {
            return;
        }

        Assert.NotEmpty(vectors.AsArray());
        foreach (var vector in vectors.AsArray())
        {
            check(vector!);
        }
    }
}
