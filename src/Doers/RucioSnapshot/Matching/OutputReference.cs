using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>One entry of a task's <c>output_refs</c>: an output of its kind that another task owns.</summary>
internal sealed record OutputReference(string Did, string Stage, string Owner, string CheckedAt)
{
    /// <summary>An entry as a task has it.</summary>
    public static OutputReference FromJson(JsonObject entry) => new(
        JsonText.Of(entry, "did"), JsonText.Of(entry, "stage"), JsonText.Of(entry, "owner"), JsonText.Of(entry, "checked_at"));

    /// <summary>The entry.</summary>
    public JsonObject ToJson() => new()
    {
        ["did"] = Did,
        ["stage"] = Stage,
        ["owner"] = Owner,
        ["checked_at"] = CheckedAt,
    };
}
