using System.Text.Json.Nodes;

namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>One entry of a task's <c>outputs</c>. Its JSON is made only when it is written: many tasks may list one dataset.</summary>
/// <param name="Did">The dataset.</param>
/// <param name="Stage">Its stage.</param>
/// <param name="CheckedAt">When it was looked at; later ones compare greater as text.</param>
/// <param name="Content">Makes the entry.</param>
internal sealed record ListedOutput(string Did, string Stage, string CheckedAt, Func<JsonObject> Content)
{
    /// <summary>An entry as a task has it.</summary>
    public static ListedOutput FromJson(JsonObject entry) => new(
        JsonText.Of(entry, "did"), JsonText.Of(entry, "stage"), JsonText.Of(entry, "checked_at"),
        () => (JsonObject)entry.DeepClone());
}
