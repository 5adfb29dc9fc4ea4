namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>
/// Datasets by what they say, so that a task meets only those that can be its own. Datasets that say the same are one group,
/// and groups are filed under detector, beam and physics, each said or left open, because a task may leave any of them open.
/// </summary>
internal sealed class DatasetIndex
{
    private readonly Dictionary<(string? Detector, string? Beam, string? Physics), List<Group>> _filed = [];
    private readonly Dictionary<PathFilters, int[]> _answered = [];

    /// <summary>Files <paramref name="datasets"/>; answers are their places in it.</summary>
    public DatasetIndex(IReadOnlyList<PathFilters> datasets)
    {
        var groups = new Dictionary<PathFilters, Group>();
        for (var i = 0; i < datasets.Count; i++)
        {
            if (!groups.TryGetValue(datasets[i], out var group))
            {
                group = new Group(datasets[i], Q2Range.Parse(datasets[i].Q2), []);
                groups.Add(datasets[i], group);
                File(group);
            }

            group.Places.Add(i);
        }
    }

    /// <summary>The places of the datasets for which <see cref="FilterMatch.Holds"/>, ascending; none if too little is asked.</summary>
    public IReadOnlyList<int> Find(PathFilters asked)
    {
        if (!asked.CanAsk)
        {
            return [];
        }

        if (!_answered.TryGetValue(asked, out var answer))
        {
            answer = Search(asked);
            _answered.Add(asked, answer);
        }

        return answer;
    }

    private int[] Search(PathFilters asked)
    {
        if (!_filed.TryGetValue((Said(asked.Detector), Said(asked.Beam), Said(asked.Physics)), out var groups))
        {
            return [];
        }

        var range = Q2Range.Parse(asked.Q2);
        List<int> found = [];
        foreach (var group in groups)
        {
            if (FilterMatch.Q2Meets(asked.Q2, range, group.Says.Q2, group.Range)
                && FilterMatch.DoNotDiffer(asked.Species, group.Says.Species) && FilterMatch.DoNotDiffer(asked.Energy, group.Says.Energy))
            {
                found.AddRange(group.Places);
            }
        }

        found.Sort();
        return [.. found];
    }

    private void File(Group group)
    {
        foreach (var detector in (string?[])[null, group.Says.Detector])
        {
            foreach (var beam in (string?[])[null, group.Says.Beam])
            {
                foreach (var physics in (string?[])[null, group.Says.Physics])
                {
                    FileAt((detector, beam, physics), group);
                }
            }
        }
    }

    private void FileAt((string? Detector, string? Beam, string? Physics) key, Group group)
    {
        if (!_filed.TryGetValue(key, out var groups))
        {
            _filed.Add(key, groups = []);
        }

        groups.Add(group);
    }

    private static string? Said(string part) => part.Length > 0 ? part : null;

    private sealed record Group(PathFilters Says, Q2Range? Range, List<int> Places);
}
