using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Which datasets of a campaign's snapshot are outputs of which of its tasks.</summary>
internal sealed class CampaignMatch
{
    private readonly string _campaign;
    private readonly int _matched;
    private readonly Consolidation _consolidation;

    private CampaignMatch(
        string campaign, IReadOnlyList<TaskLists> tasks, int matched, IReadOnlyList<Dataset> unmatched, Consolidation consolidation)
    {
        _campaign = campaign;
        Tasks = tasks;
        _matched = matched;
        Unmatched = unmatched;
        _consolidation = consolidation;
    }

    /// <summary>The lists of each task.</summary>
    public IReadOnlyList<TaskLists> Tasks { get; }

    /// <summary>Datasets that are no task's output.</summary>
    public IReadOnlyList<Dataset> Unmatched { get; }

    /// <summary><c>{tasks_seen, tasks_matched, tasks_unmatched, ownership, rucio_unmatched}</c>.</summary>
    public JsonObject Summary => new()
    {
        ["tasks_seen"] = Tasks.Count,
        ["tasks_matched"] = _matched,
        ["tasks_unmatched"] = Tasks.Count - _matched,
        ["ownership"] = new JsonObject
        {
            ["campaign"] = _campaign,
            ["moved_to_refs"] = _consolidation.Moved,
            ["tasks_touched"] = _consolidation.Touched,
        },
        ["rucio_unmatched"] = Unmatched.Count,
    };

    /// <summary>Matches. <paramref name="rows"/> may be those of every campaign: only this campaign's tasks can own.</summary>
    public static CampaignMatch Of(
        string campaign,
        string checkedAt,
        IEnumerable<Dataset> snapshot,
        IReadOnlyCollection<TaskRow> tasks,
        IEnumerable<DatasetRow> rows)
    {
        List<Dataset> datasets = [.. snapshot.Where(static d => DatasetName.HasPhysicsPath(d.Did))];
        var owners = Ownership.Of(rows, tasks);
        var index = new DatasetIndex([.. datasets.Select(static d => PathReader.OfDataset(d.Did))]);
        var outputs = datasets.ConvertAll(d => new ListedOutput(d.Did, d.Stage, checkedAt, () => new OutputEntry(d).ToJson(checkedAt)));
        TaskRow?[] ownerOf = [.. datasets.Select(d => owners.GetValueOrDefault(d.Did))];
        var isMatched = new bool[datasets.Count];
        List<TaskLists> lists = [];
        var matched = 0;
        foreach (var task in tasks)
        {
            var found = index.Find(task.Request);
            matched += found.Count > 0 ? 1 : 0;
            lists.Add(ListsOf(task, found, outputs, ownerOf));
            foreach (var place in found)
            {
                isMatched[place] = true;
            }
        }

        var consolidation = Consolidation.Of(lists, owners);
        return new CampaignMatch(campaign, lists, matched, [.. datasets.Where((_, place) => !isMatched[place])], consolidation);
    }

    private static TaskLists ListsOf(TaskRow task, IReadOnlyList<int> found, List<ListedOutput> outputs, TaskRow?[] ownerOf)
    {
        var lists = new TaskLists(task);
        foreach (var place in found)
        {
            var output = outputs[place];
            if (ownerOf[place] is { } owner && owner.Id != task.Id)
            {
                lists.References.Add(new OutputReference(output.Did, output.Stage, owner.Name, output.CheckedAt));
            }
            else
            {
                lists.Outputs.Add(output);
            }
        }

        return lists;
    }
}
