using System.Text.Json;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>What submission needs to know of a production task.</summary>
/// <param name="Id">Its primary key; null if the answer has none.</param>
/// <param name="Name">The stored name.</param>
/// <param name="ComposedName">The composed name.</param>
/// <param name="PandaTaskId">The JEDI task that is recorded; null if there is none.</param>
public sealed record PcsTask(long? Id, string Name, string ComposedName, string? PandaTaskId)
{
    /// <summary>Reads a task's object.</summary>
    public static PcsTask Of(JsonElement task) =>
        new(Number(task, "id"), Text(task, "name"), Text(task, "composed_name"), IdOf(task, "panda_task_id"));

    /// <summary>True if <paramref name="name"/> is this task's whole name or key, not only the beginning of one.</summary>
    public bool IsNamed(string name) => name == ComposedName || name == Name || name == $"{Id}";

    /// <summary>A positive number, or its digits as text; null for anything else.</summary>
    internal static string? IdOf(JsonElement row, string field)
    {
        if (!row.TryGetProperty(field, out var value))
        {
            return null;
        }

        var text = value.ValueKind switch
        {
            JsonValueKind.Number => value.GetRawText(),
            JsonValueKind.String => value.GetString()!,
            _ => "",
        };
        return ArgumentForms.IsId(text) && text.Trim('0').Length > 0 ? text : null;
    }

    private static long? Number(JsonElement row, string field) =>
        row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out var number)
            ? number
            : null;

    private static string Text(JsonElement row, string field) =>
        row.TryGetProperty(field, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString()! : "";
}
