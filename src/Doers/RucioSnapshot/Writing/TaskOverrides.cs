using System.Text.Json.Nodes;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Writing;

/// <summary>A task's <c>overrides</c> with new lists in it; whatever other writers keep there stays.</summary>
internal static class TaskOverrides
{
    private const string Outputs = "outputs";
    private const string References = "output_refs";

    /// <summary>Both lists replaced, and what an import once wrote as <c>csv_import.output</c> dropped.</summary>
    public static JsonObject With(JsonObject now, TaskLists lists)
    {
        var overrides = (JsonObject)now.DeepClone();
        overrides[Outputs] = new JsonArray([.. lists.Outputs.Select(static o => o.Content())]);
        overrides[References] = new JsonArray([.. lists.References.Select(static r => r.ToJson())]);
        (overrides["csv_import"] as JsonObject)?.Remove("output");
        return overrides;
    }

    /// <summary>
    /// True if they say the same, whenever that was checked: a task is not rewritten only because time has passed, since each
    /// write can lose what another writer adds in the same moment.
    /// </summary>
    public static bool SayTheSame(JsonObject one, JsonObject other)
    {
        var (mine, theirs) = (Timeless(one), Timeless(other));
        try
        {
            return JsonNode.DeepEquals(mine, theirs);
        }
        catch (ArgumentOutOfRangeException)
        {
            // A number's exponent is beyond what the runtime compares.
            return mine.ToJsonString() == theirs.ToJsonString();
        }
    }

    private static JsonObject Timeless(JsonObject overrides)
    {
        var copy = (JsonObject)JsonNode.Parse(overrides.ToJsonString())!;
        foreach (var list in (string[])[Outputs, References])
        {
            foreach (var entry in (copy[list] as JsonArray)?.OfType<JsonObject>() ?? [])
            {
                entry.Remove("checked_at");
            }
        }

        return copy;
    }
}
