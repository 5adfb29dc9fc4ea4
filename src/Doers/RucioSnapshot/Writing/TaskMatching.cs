using OpsAgent.Doers.Facility;
using OpsAgent.Doers.RucioSnapshot.Matching;
using OpsAgent.Doers.RucioSnapshot.Taking;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>The matches of a run's current campaigns, and what became of their tasks.</summary>
internal sealed class TaskMatching
{
    private readonly Dictionary<string, CampaignMatch> _matches;
    private readonly Dictionary<string, int> _changed = [];

    private TaskMatching(Dictionary<string, CampaignMatch> matches) => _matches = matches;

    /// <summary>No campaign is matched.</summary>
    public static TaskMatching None { get; } = new([]);

    /// <summary>The lists of all tasks.</summary>
    public IEnumerable<TaskLists> Tasks => _matches.Values.SelectMany(static m => m.Tasks);

    /// <summary>Matches each campaign with its own tasks. A task in two campaigns' catalogues can't be placed and is left alone.</summary>
    public static TaskMatching Of(IReadOnlyCollection<Snapshot> current, CatalogueRows rows, DoerLog log)
    {
        var matches = new Dictionary<string, CampaignMatch>(StringComparer.Ordinal);
        foreach (var snapshot in current)
        {
            List<TaskRow> own = [.. rows.Tasks.Where(t => snapshot.Campaign.Samples.Contains(t.ComposedName))];
            var shared = own.RemoveAll(t => current.Any(other => other != snapshot && other.Campaign.Samples.Contains(t.ComposedName)));
            if (shared > 0)
            {
                log.Line($"{snapshot.Campaign.Name}: {shared} tasks are in another current campaign's catalogue too and are left alone");
            }

            matches.Add(
                snapshot.Campaign.Name,
                CampaignMatch.Of(snapshot.Campaign.Name, snapshot.FetchedAt, snapshot.Datasets, own, rows.Datasets));
        }

        return new TaskMatching(matches);
    }

    /// <summary>The match of a campaign; null if it is not matched.</summary>
    public CampaignMatch? Of(Campaign campaign) => _matches.GetValueOrDefault(campaign.Name);

    /// <summary>Writes the tasks that change; without a writer only tells them.</summary>
    public async Task WriteAsync(TaskWriter? writer, DoerLog log, CancellationToken stop)
    {
        foreach (var (campaign, match) in _matches)
        {
            var changed = TaskWriter.Changed(match.Tasks);
            foreach (var task in writer is null ? changed : [])
            {
                log.Line($"would PATCH {OneLine.Of(task.Task.ComposedName)}: {task.Outputs.Count} outputs, {task.References.Count} references");
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
}
