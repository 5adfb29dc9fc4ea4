using System.Buffers;
using System.Text;
using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Reads the answer of <c>replicas/list</c>: one JSON object a line, with <c>pfns</c> and <c>states</c>.</summary>
internal static class ReplicaStream
{
    private const int ReplicaLimit = 1000;
    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = 32, AllowDuplicateProperties = false };

    public static async Task<IReadOnlyList<Replica>> ReadAsync(Stream body, Did did, CancellationToken stop)
    {
        var found = new List<Replica>();
        await foreach (var line in BoundedLines.OfAsync(body, stop))
        {
            using var json = Parse(line);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw Bad("a line is no JSON object", line);
            }

            try
            {
                ThrowIfError(json.RootElement);
                if (IsOf(json.RootElement, did))
                {
                    Collect(json.RootElement, found);
                }
            }
            catch (InvalidOperationException)
            {
                throw Bad("a line has a string that is no UTF-8", line); // found only when the string is read
            }
        }

        return found;
    }

    private static JsonDocument Parse(ReadOnlySequence<byte> line)
    {
        try
        {
            return JsonDocument.Parse(line, Strict);
        }
        catch (JsonException e)
        {
            throw Bad($"a line is no JSON ({e.Message})", line);
        }
    }

    // Rucio answers 200 before it has read its database; an error found then comes as the stream's last object.
    private static void ThrowIfError(JsonElement line)
    {
        if (Text(line, "ExceptionClass") is { Length: > 0 } kind)
        {
            var exit = kind.Contains("DataIdentifierNotFound", StringComparison.Ordinal)
                ? DoerExit.UnknownDid
                : DoerExit.RucioRefused;
            throw new DoerException(exit, $"Rucio replicas/list: {OneLine.Of($"{kind} {Text(line, "ExceptionMessage")}")}");
        }
    }

    private static bool IsOf(JsonElement line, Did did) =>
        (Text(line, "scope") ?? did.Scope) == did.Scope && (Text(line, "name") ?? did.Name) == did.Name;

    private static void Collect(JsonElement line, List<Replica> found)
    {
        if (!line.TryGetProperty("pfns", out var pfns) || pfns.ValueKind != JsonValueKind.Object)
        {
            return;
        }

        long? bytes = line.TryGetProperty("bytes", out var size) && size.ValueKind == JsonValueKind.Number
            && size.TryGetInt64(out var length) && length >= 0 ? length : null;
        foreach (var pfn in pfns.EnumerateObject())
        {
            if (found.Count == ReplicaLimit)
            {
                return;
            }

            var rse = Text(pfn.Value, "rse") ?? "";
            found.Add(new Replica(pfn.Name, rse, StateAt(line, rse), Priority(pfn.Value), bytes));
        }
    }

    private static string StateAt(JsonElement line, string rse) =>
        line.TryGetProperty("states", out var states) && rse.Length > 0 ? Text(states, rse) ?? "" : "";

    private static int Priority(JsonElement pfn) =>
        pfn.ValueKind == JsonValueKind.Object && pfn.TryGetProperty("priority", out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var priority) ? priority : int.MaxValue;

    private static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static DoerException Bad(string what, ReadOnlySequence<byte> line) => new(
        DoerExit.RucioAnswerBad,
        $"Rucio replicas/list: {what}: '{OneLine.Of(Encoding.UTF8.GetString(line.Slice(0, Math.Min(line.Length, 4096))), 60)}'");
}
