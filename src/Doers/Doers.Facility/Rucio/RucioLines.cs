using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
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
            if (!JsonStrings.AreText(JsonMarshal.GetRawUtf8Value(json.RootElement)))
            {
                throw Bad(call, "a line has a string that is no UTF-8", json.RootElement);
            }

            ThrowIfError(call, json.RootElement);
            yield return json.RootElement;
        }
    }

    /// <summary>A text, or null if it is missing or no text.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    /// <summary>The failure that a line is not of the wanted form.</summary>
    public static DoerException Bad(string call, string what, JsonElement line) => Bad(call, what, Beginning(JsonMarshal.GetRawUtf8Value(line)));

    private static DoerException Bad(string call, string what, string line) =>
        new(DoerExit.RucioAnswerBad, $"Rucio {call}: {what}: '{OneLine.Of(line, 60)}'");

    // Not all of it need be UTF-8.
    private static string Beginning(ReadOnlySpan<byte> line) => Encoding.UTF8.GetString(line[..Math.Min(line.Length, 4096)]);

    private static JsonDocument Parse(string call, ReadOnlySequence<byte> line)
    {
        try
        {
            return JsonDocument.Parse(line, Strict);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // The second comes of a name that is no text: names are read to be compared.
            var text = Encoding.UTF8.GetString(line.Slice(0, Math.Min(line.Length, 4096)));
            throw Bad(call, $"a line is no JSON ({OneLine.Of(e.Message, 160)})", text);
        }
    }

    // Rucio answers 200 before it has read its database; an error found then comes as the stream's last object.
    private static void ThrowIfError(string call, JsonElement line)
    {
        if (Text(line, "ExceptionClass") is { Length: > 0 } kind)
        {
            var message = Text(line, "ExceptionMessage");
            var exit = kind.Contains("DataIdentifierNotFound", StringComparison.Ordinal)
                ? DoerExit.UnknownDid
                : DoerExit.RucioRefused;
            throw new DoerException(exit, $"Rucio {call}: {OneLine.Of($"{kind} {message}")}");
        }
    }
}
