using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>What a dataset's copies add up to, as a task's <c>outputs</c> and the unmatched list show it.</summary>
internal sealed class OutputEntry
{
    private readonly Dataset _dataset;
    private readonly List<Copy> _copies = [];

    /// <summary>Adds up <paramref name="dataset"/>; replicas without RSE are left out.</summary>
    public OutputEntry(Dataset dataset)
    {
        _dataset = dataset;
        Filters = PathReader.OfDataset(dataset.Did);
        Files = dataset.Length ?? 0;
        Bytes = dataset.Bytes ?? 0;
        foreach (var replica in dataset.Replicas)
        {
            if (Dataset.Text(replica, "rse") is not { Length: > 0 } rse)
            {
                continue;
            }

            var copy = new Copy(rse, Dataset.Number(replica, "available_length"), Dataset.Number(replica, "length"));
            _copies.Add(copy);
            Files = Math.Max(Files, copy.Total);
            Bytes = Math.Max(Bytes, Dataset.Number(replica, "bytes"));
        }
    }

    /// <summary>What the DID says.</summary>
    public PathFilters Filters { get; }

    /// <summary>Most files that anything says it has.</summary>
    public long Files { get; }

    /// <summary>Most bytes that anything says it has.</summary>
    public long Bytes { get; }

    /// <summary>True if there is a copy and each holds all of its files.</summary>
    public bool Complete => _copies.Count > 0 && _copies.TrueForAll(static c => c.Complete);

    /// <summary>True if a copy lacks files. A dataset without any copy is neither this nor complete.</summary>
    public bool LacksFiles => _copies.Exists(static c => !c.Complete);

    /// <summary>The entry of a task's <c>outputs</c>.</summary>
    public JsonObject ToJson(string checkedAt) => new()
    {
        ["did"] = _dataset.Did,
        ["stage"] = _dataset.Stage,
        ["version"] = DatasetName.Version(_dataset.Did),
        ["filters"] = Filters.ToJson(),
        ["rses"] = new JsonArray([.. _copies.Select(static c => c.ToJson())]),
        ["file_count"] = Files,
        ["bytes"] = Bytes,
        ["complete"] = Complete,
        ["checked_at"] = checkedAt,
    };

    /// <summary>The entry of the campaign's <c>rucio_unmatched</c>.</summary>
    public JsonObject ToUnmatchedJson() => new()
    {
        ["did"] = _dataset.Did,
        ["stage"] = _dataset.Stage,
        ["files"] = Files,
        ["bytes"] = Bytes,
        ["rse_names"] = new JsonArray([.. _copies.Select(static c => c.Rse).Distinct().Order(StringComparer.Ordinal).Select(static r => (JsonNode?)r)]),
        ["by_stage"] = StageTotals.Of([(_dataset.Stage, this)]),
        ["incomplete"] = LacksFiles,
        ["filters"] = Filters.ToJson(),
    };

    /// <summary>Its copies: the RSE, and whether all files are there.</summary>
    public IEnumerable<(string Rse, bool Complete)> Copies => _copies.Select(static c => (c.Rse, c.Complete));

    private sealed record Copy(string Rse, long Files, long Total)
    {
        public bool Complete => Total != 0 && Files == Total;

        public JsonObject ToJson() => new() { ["rse"] = Rse, ["files"] = Files, ["total"] = Total, ["complete"] = Complete };
    }
}
