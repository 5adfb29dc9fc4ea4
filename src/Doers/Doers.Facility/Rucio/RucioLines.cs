using System.Buffers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Reads Rucio's answers of one JSON value a line.</summary>
internal static class RucioLines
{
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    /// <summary>Each line's value, which holds only until the next is asked for.</summary>
    public static async IAsyncEnumerable<JsonElement> OfAsync(
        string call, Stream body, int totalLimit, [EnumeratorCancellation] CancellationToken stop)
    {
        await foreach (var line in BoundedLines.OfAsync(call, body, totalLimit, stop))
        {
            using var json = Parse(call, line);
            ThrowIfError(call, json.RootElement);
            yield return json.RootElement;
        }
    }

    /// <summary>A text, or null if it is missing or no text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The failure that a line is not of the wanted form.</summary>
    public static DoerException Bad(string call, string what, JsonElement line) => Bad(call, what, line.GetRawText());

    private static DoerException Bad(string call, string what, string line) =>
        new(DoerExit.RucioAnswerBad, $"Rucio {call}: {what}: '{OneLine.Of(line[..Math.Min(line.Length, 4096)], 60)}'");

    private static JsonDocument Parse(string call, ReadOnlySequence<byte> line)
    {
        try
        {
            return JsonDocument.Parse(line, Strict);
        }
        catch (JsonException e)
        {
            var text = Encoding.UTF8.GetString(line.Slice(0, Math.Min(line.Length, 4096)));
            throw Bad(call, $"a line is no JSON ({e.Message})", text);
        }
    }

    // Rucio answers 200 before it has read its database; an error found then comes as the stream's last object.
    private static void ThrowIfError(string call, JsonElement line)
    {
        string? kind, message;
        try
        {
            (kind, message) = (Text(line, "ExceptionClass"), Text(line, "ExceptionMessage"));
        }
        catch (InvalidOperationException)
        {
            throw Bad(call, "a line has a string that is no UTF-8", line); // found only when the string is read
        }

        if (kind is { Length: > 0 })
        {
            var exit = kind.Contains("DataIdentifierNotFound", StringComparison.Ordinal)
                ? DoerExit.UnknownDid
                : DoerExit.RucioRefused;
            throw new DoerException(exit, $"Rucio {call}: {OneLine.Of($"{kind} {message}")}");
        }
    }
}
