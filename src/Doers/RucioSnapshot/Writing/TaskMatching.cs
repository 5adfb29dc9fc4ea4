using OpsAgent.Doers.Facility;
using OpsAgent.Doers.RucioSnapshot.Matching;
using OpsAgent.Doers.RucioSnapshot.Taking;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>The matches of a run's current campaigns, and what became of their tasks.</summary>
internal sealed class TaskMatching
{
    private const int MostNamed = 50;

    private readonly Dictionary<string, CampaignMatch> _matches;
    private readonly IReadOnlySet<long> _shared;
    private readonly Dictionary<string, int> _changed = [];

    private TaskMatching(Dictionary<string, CampaignMatch> matches, IReadOnlySet<long> shared)
    {
        _matches = matches;
        _shared = shared;
    }

    /// <summary>No campaign is matched.</summary>
    public static TaskMatching None { get; } = new([], new HashSet<long>());

    /// <summary>The lists of all tasks that may be written.</summary>
    public IEnumerable<TaskLists> Tasks => _matches.Values.SelectMany(Written);

    /// <summary>
    /// Matches each campaign with its own tasks. One that is another current campaign's too takes part, so that what it owns stays
    /// its own, and is left as it is: from here only some of its outputs may be seen.
    /// </summary>
    public static TaskMatching Of(
        IReadOnlyCollection<Snapshot> current, CurrentCatalogues catalogues, CatalogueRows rows, DoerLog log)
    {
        var matches = new Dictionary<string, CampaignMatch>(StringComparer.Ordinal);
        var shared = new HashSet<long>();
        foreach (var snapshot in current)
        {
            var campaign = snapshot.Campaign;
            List<TaskRow> own = [.. rows.Tasks.Where(t => campaign.Samples.Contains(t.ComposedName))];
            List<(TaskRow Task, string? Other)> both =
                [.. own.Select(t => (t, catalogues.OtherOf(campaign.Name, t.ComposedName))).Where(static t => t.Item2 is not null)];
            shared.UnionWith(both.Select(static b => b.Task.Id));
            Tell(campaign.Name, both, log);
            matches.Add(campaign.Name, CampaignMatch.Of(campaign.Name, snapshot.FetchedAt, snapshot.Datasets, own, rows.Datasets));
        }

        return new TaskMatching(matches, shared);
    }

    /// <summary>The match of a campaign; null if it is not matched.</summary>
    public CampaignMatch? Of(Campaign campaign) => _matches.GetValueOrDefault(campaign.Name);

    /// <summary>Writes the tasks that change; without a writer only tells them.</summary>
    public async Task WriteAsync(TaskWriter? writer, DoerLog log, CancellationToken stop)
    {
        foreach (var (campaign, match) in _matches)
        {
            var changed = TaskWriter.Changed(Written(match));
            foreach (var task in writer is null ? changed : [])
            {
                var lists = $"{task.Outputs.Count} outputs, {task.References.Count} references";
                log.Line($"would PATCH {OneLine.Of(task.Task.ComposedName)}: {lists}");
            }

            _changed[campaign] = writer is null ? changed.Count : await writer.WriteAsync(changed, stop);
        }
    }

    /// <summary>A campaign's summary on one line.</summary>
    public string Told(Snapshot snapshot)
    {
        var datasets = $"{snapshot.Datasets.Count()} datasets in {snapshot.Paths.Count} paths";
        if (Of(snapshot.Campaign) is not { } match)
        {
            return $"{datasets}; not matched: its lifecycle is {OneLine.Of(snapshot.Campaign.Lifecycle, 40)}";
        }

        var summary = match.Summary;
        return $"{datasets}, {summary["rucio_unmatched"]} of them no task's; {summary["tasks_matched"]} of {summary["tasks_seen"]} tasks "
            + $"matched, {_changed.GetValueOrDefault(snapshot.Campaign.Name)} changed";
    }

    private static void Tell(string campaign, List<(TaskRow Task, string? Other)> both, DoerLog log)
    {
        foreach (var (task, other) in both.Take(MostNamed))
        {
            log.Line($"WARNING: {campaign}: task {OneLine.Of(task.ComposedName)} is in the catalogue of {OneLine.Of(other, 40)}, a current campaign, too; left alone");
        }

        if (both.Count > MostNamed)
        {
            log.Line($"WARNING: {campaign}: {both.Count - MostNamed} more tasks are in another current campaign's catalogue too; left alone");
        }
    }

    private IEnumerable<TaskLists> Written(CampaignMatch match) => match.Tasks.Where(t => !_shared.Contains(t.Task.Id));
}
