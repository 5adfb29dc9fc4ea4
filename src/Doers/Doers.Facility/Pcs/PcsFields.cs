using System.Text.Json;

namespace OpsAgent.Doers.Facility.Pcs;

/// <summary>Fields of rows, which may be missing or of another kind.</summary>
public static class PcsFields
{
    /// <summary>A text; empty if it is none.</summary>
    public static string Text(JsonElement row, string field) =>
        Field(row, field) is { ValueKind: JsonValueKind.String } value ? value.GetString()! : "";

    /// <summary>A whole number; null if it is none.</summary>
    public static long? Number(JsonElement row, string field) =>
        Field(row, field) is { ValueKind: JsonValueKind.Number } value && value.TryGetInt64(out var number) ? number : null;

    /// <summary>A field's value; null if the row is no object or has no such field.</summary>
    public static JsonElement? Field(JsonElement? row, string field) =>
        row is { ValueKind: JsonValueKind.Object } it && it.TryGetProperty(field, out var value) ? value : null;
}
