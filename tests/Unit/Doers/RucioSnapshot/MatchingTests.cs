using System.Text.Json;
using System.Text.Json.Nodes;
using OpsAgent.Doers.RucioSnapshot.Matching;
using OpsAgent.Doers.RucioSnapshot.Writing;
using Xunit;

namespace OpsAgent.Tests.Unit.Doers.RucioSnapshot;

public sealed class MatchingTests
{
    private const string Did = "epic:/RECO/26.02.0/epic_a/DIS/NC/10x100/minQ2=1";

    [Fact]
    public void A_task_of_another_detector_has_nothing_and_the_dataset_is_nobodys()
    {
        var match = Matched([Data(Did)], [TaskOn(1, Input("epic_b"))]);

        Assert.Empty(Assert.Single(match.Tasks).Outputs);
        Assert.Equal(Did, Assert.Single(match.Unmatched).Did);
        Assert.Equal(1, (int)match.Summary["tasks_unmatched"]!);
    }

    [Fact]
    public void What_another_task_owns_is_a_reference()
    {
        var kept = new DatasetRow(9, "kept", Did, "reco", "epic_a");

        var match = Matched([Data(Did)], [TaskOn(1, Input("epic_a")), TaskOn(2, kept)]);

        Assert.Empty(match.Tasks[0].Outputs);
        Assert.Equal(new OutputReference(Did, "RECO", "task2", "now"), Assert.Single(match.Tasks[0].References));
    }

    [Fact]
    public void A_row_that_no_task_of_the_campaign_is_bound_to_owns_nothing()
    {
        var strange = new DatasetRow(9, "strange", Did, "reco", "epic_a");

        var match = CampaignMatch.Of("26.02", "now", [Data(Did)], [TaskOn(1, Input("epic_a"))], [Input("epic_a"), strange]);

        Assert.Equal(Did, Assert.Single(match.Tasks[0].Outputs).Did);
    }

    [Fact]
    public void A_working_task_owns_before_one_that_only_keeps_a_past_output()
    {
        var kept = new DatasetRow(9, "kept", Did, "reco", "epic_a");

        var owners = Ownership.Of([kept], [TaskOn(1, kept) with { IsPast = true }, TaskOn(2, kept)]);

        Assert.Equal("task2", owners[Did].Name);
    }

    [Theory]
    [InlineData("""{"rse": "A", "length": 5, "available_length": 5}""", true, 5)]
    [InlineData("""{"rse": "A", "length": 5, "available_length": 4}""", false, 5)]
    [InlineData("""{"rse": "A", "length": null, "available_length": null, "bytes": "many"}""", false, 0)]
    [InlineData("""{"rse": null, "length": 5, "available_length": 5}""", false, 0)]
    [InlineData("""{"length": 5, "available_length": 5}""", false, 0)]
    [InlineData("""{"rse": 7, "length": 5, "available_length": 5}""", false, 0)]
    [InlineData("""{"rse": "A", "length": 5.5, "available_length": 99999999999999999999}""", false, 0)]
    public void A_copy_counts_by_what_is_said_of_it(string replica, bool complete, int files)
    {
        var entry = new OutputEntry(new Dataset(Did, "RECO", null, null, [JsonElement.Parse(replica)]));

        Assert.Equal((complete, files), (entry.Complete, entry.Files));
    }

    [Fact]
    public void Other_writers_keys_stay_and_only_the_old_imports_output_goes()
    {
        var now = (JsonObject)JsonNode.Parse("""{"a": [1], "csv_import": {"output": 1, "filters": {}}, "outputs": [{"did": "x"}]}""")!;

        var after = TaskOverrides.With(now, new TaskLists(TaskOn(1, Input("a"))));

        Assert.Equal("""{"a":[1],"csv_import":{"filters":{}},"outputs":[],"output_refs":[]}""", after.ToJsonString());
        Assert.True(((JsonObject)now["csv_import"]!).ContainsKey("output"));
    }

    [Fact]
    public void Lists_that_differ_only_in_when_they_were_checked_say_the_same()
    {
        var one = (JsonObject)JsonNode.Parse("""{"b": 1, "outputs": [{"did": "x", "checked_at": "1"}], "output_refs": [], "checked_at": 1}""")!;
        var other = (JsonObject)JsonNode.Parse("""{"outputs": [{"checked_at": "2", "did": "x"}], "output_refs": [], "b": 1, "checked_at": 1}""")!;

        Assert.True(TaskOverrides.SayTheSame(one, other));
        other["checked_at"] = 2;
        Assert.False(TaskOverrides.SayTheSame(one, other));
    }

    [Theory]
    [InlineData("Mon, 02 Feb 2026 03:04:05 UTC", "2026-02-02T03:04:05")]
    [InlineData("Mon, 2 Feb 2026 03:04:05 GMT", "2026-02-02T03:04:05")]
    [InlineData("02 Feb 2026 03:04:05 +0100", "2026-02-02T02:04:05")]
    [InlineData("2026-02-02", null)]
    [InlineData("Mon, 02 Feb 9999 03:04:05 UTC", null)]
    [InlineData("", null)]
    public void Dates_read_as_mails_write_them(string text, string? utc) => Assert.Equal(utc, MailDate.Parse(text)?.ToString("s"));

    [Fact]
    public void Bins_stretch_to_now_also_by_stages_that_are_not_summed()
    {
        var replica = JsonElement.Parse("""{"rse": "A", "created_at": "Mon, 02 Feb 2026 03:04:05 UTC"}""");
        var other = new Dataset("epic:/SIMU/26.02.0/a/b", "SIMU", null, null, [replica]);

        var timeline = Timeline.Of([other], new DateTimeOffset(2026, 2, 3, 0, 0, 0, TimeSpan.Zero));

        Assert.Equal(3, timeline["dates"]!.AsArray().Count);
        Assert.Equal("[0,0,0]", timeline["reco"]!["cum_datasets"]!.ToJsonString());
    }

    private static CampaignMatch Matched(IEnumerable<Dataset> snapshot, TaskRow[] tasks) =>
        CampaignMatch.Of("26.02", "now", snapshot, tasks, tasks.Select(static t => t.Dataset!));

    private static Dataset Data(string did) => new(did, "RECO", null, null, []);

    private static DatasetRow Input(string detector) =>
        new(1, $"input-{detector}", "/volatile/eic/EPIC/EVGEN/DIS/NC/10x100/q2_1to10", "evgen", detector);

    private static TaskRow TaskOn(long id, DatasetRow row) => new(id, $"task{id}", $"composed{id}", false, row, []);
}
