using System.Text.Json;

namespace OpsAgent.Capabilities.Fields;

/// <summary>Python's truth of a JSON value, which is how the facility's programs test a field.</summary>
internal static class PythonTruth
{
    public static bool Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.String => !element.ValueEquals(ReadOnlySpan<byte>.Empty),
        // A number too large for a double is infinite or refused: either way it is not 0.
        JsonValueKind.Number => !element.TryGetDouble(out var number) || number != 0,
        JsonValueKind.Array => element.GetArrayLength() > 0,
        JsonValueKind.Object => element.EnumerateObject().MoveNext(),
        _ => false,
    };
}
