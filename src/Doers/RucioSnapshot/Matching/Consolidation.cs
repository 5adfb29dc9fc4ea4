namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>
/// Sees to it that an owned DID is listed in full once: by its owner, with its newest entry; elsewhere it becomes a reference.
/// A second run changes nothing.
/// </summary>
/// <param name="Moved">Entries that became references.</param>
/// <param name="Touched">Tasks whose lists changed.</param>
internal sealed record Consolidation(int Moved, int Touched)
{
    /// <summary>Changes the lists of <paramref name="tasks"/>.</summary>
    public static Consolidation Of(IEnumerable<TaskLists> tasks, IReadOnlyDictionary<string, TaskRow> owners)
    {
        // Most outputs are nobody's, and most tasks own nothing: these are passed by before anything is built.
        List<(TaskLists Task, List<ListedOutput> Owned)> all =
            [.. tasks.Select(t => (t, t.Outputs.FindAll(o => owners.ContainsKey(o.Did))))];
        var newest = Newest(all.SelectMany(static t => t.Owned));
        var ofOwner = newest.ToLookup(o => owners[o.Did].Id);
        var (moved, touched) = (0, 0);
        foreach (var (task, owned) in all.Where(t => t.Owned.Count > 0 || ofOwner.Contains(t.Task.Task.Id)))
        {
            var strangers = owned.FindAll(o => owners[o.Did].Id != task.Task.Id);
            moved += strangers.Count;
            touched += Keep(task, ofOwner[task.Task.Id], owners) | Refer(task, strangers, owners) ? 1 : 0;
        }

        return new Consolidation(moved, touched);
    }

    // The first of several with the same time.
    private static Dictionary<string, ListedOutput>.ValueCollection Newest(IEnumerable<ListedOutput> owned)
    {
        var newest = new Dictionary<string, ListedOutput>(StringComparer.Ordinal);
        foreach (var output in owned)
        {
            if (!newest.TryGetValue(output.Did, out var other) || string.CompareOrdinal(output.CheckedAt, other.CheckedAt) > 0)
            {
                newest[output.Did] = output;
            }
        }

        return newest.Values;
    }

    // Nobody's outputs first, then its own in the order they had, then those that came from elsewhere.
    private static bool Keep(TaskLists task, IEnumerable<ListedOutput> own, IReadOnlyDictionary<string, TaskRow> owners)
    {
        var places = task.Outputs.Select(static o => o.Did).Distinct().Index()
            .ToDictionary(static p => p.Item, static p => p.Index, StringComparer.Ordinal);
        List<ListedOutput> kept =
        [
            .. task.Outputs.Where(o => !owners.ContainsKey(o.Did)),
            .. own.OrderBy(o => places.GetValueOrDefault(o.Did, int.MaxValue)),
        ];
        if (kept.Count == task.Outputs.Count && kept.ToHashSet(ReferenceEqualityComparer.Instance).SetEquals(task.Outputs))
        {
            return false;
        }

        task.Outputs = kept;
        return true;
    }

    private static bool Refer(TaskLists task, List<ListedOutput> strangers, IReadOnlyDictionary<string, TaskRow> owners)
    {
        var known = task.References.Select(static r => r.Did).ToHashSet(StringComparer.Ordinal);
        var before = known.Count;
        foreach (var output in strangers.Where(o => known.Add(o.Did)))
        {
            task.References.Add(new OutputReference(output.Did, output.Stage, owners[output.Did].Name, output.CheckedAt));
        }

        return known.Count > before;
    }
}
