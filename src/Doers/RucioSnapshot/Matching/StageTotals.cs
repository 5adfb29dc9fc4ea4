using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>Sums of entries by stage.</summary>
internal static class StageTotals
{
    /// <summary><c>{stage: {count, files, bytes, rses: {rse: {complete, incomplete}}, incomplete}}</c>.</summary>
    public static JsonObject Of(IEnumerable<(string Stage, OutputEntry Entry)> entries)
    {
        var stages = new JsonObject();
        foreach (var stage in entries.GroupBy(static e => e.Stage, static e => e.Entry))
        {
            stages[stage.Key] = new JsonObject
            {
                ["count"] = stage.Count(),
                ["files"] = stage.Sum(static e => e.Files),
                ["bytes"] = stage.Sum(static e => e.Bytes),
                ["rses"] = Rses(stage),
                ["incomplete"] = stage.Count(static e => e.LacksFiles),
            };
        }

        return stages;
    }

    private static JsonObject Rses(IEnumerable<OutputEntry> entries)
    {
        var rses = new JsonObject();
        foreach (var rse in entries.SelectMany(static e => e.Copies).GroupBy(static c => c.Rse, static c => c.Complete))
        {
            rses[rse.Key] = new JsonObject
            {
                ["complete"] = rse.Count(static complete => complete),
                ["incomplete"] = rse.Count(static complete => !complete),
            };
        }

        return rses;
    }
}
