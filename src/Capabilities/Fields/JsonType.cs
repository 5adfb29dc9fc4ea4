using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>A JSON object or array, which templates get as compact ASCII text.</summary>
/// <param name="max">At most so many characters of compact text.</param>
public sealed class JsonType(int max) : FieldType
{
    /// <inheritdoc/>
    public override string Name => "json";

    /// <inheritdoc/>
    public override string ToString() => $"json({max})";

    /// <inheritdoc/>
    public override bool TryRead(JsonElement element, [NotNullWhen(true)] out FieldValue? value, out string problem)
    {
        var fits = element.ValueKind is JsonValueKind.Object or JsonValueKind.Array;
        value = fits && Compact(element) is { } text && text.Length <= max
            ? new FieldValue(text)
            : null;
        problem = value is null ? $"must be a JSON object or array of at most {max} characters" : "";
        return value is not null;
    }

    private static string? Compact(JsonElement element)
    {
        try
        {
            return JsonSerializer.Serialize(element);
        }
        catch (Exception e) when (e is InvalidOperationException or JsonException or ArgumentException)
        {
            // Half a surrogate pair or bytes that are no UTF-8 in a string or a name: can't be written again.
            return null;
        }
    }
}
