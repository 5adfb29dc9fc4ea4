using System.Text.Json;

namespace OpsAgent.Doers.Facility.Rucio;

/// <summary>Reads the answer of <c>replicas/list</c>: one JSON object a line, with <c>pfns</c> and <c>states</c>.</summary>
internal static class ReplicaStream
{
    private const string Call = "replicas/list";
    private const int ReplicaLimit = 1000;

    public static async Task<IReadOnlyList<Replica>> ReadAsync(Stream body, Did did, CancellationToken stop)
    {
        var found = new List<Replica>();
        await foreach (var line in RucioLines.OfAsync(Call, body, BoundedLines.TotalLimit, stop))
        {
            if (line.ValueKind != JsonValueKind.Object)
            {
                throw RucioLines.Bad(Call, "a line is no JSON object", line);
            }

            if (IsOf(line, did))
            {
                Collect(line, found);
            }
        }

        return found;
    }

    private static bool IsOf(JsonElement line, Did did) =>
        (RucioLines.Text(line, "scope") ?? did.Scope) == did.Scope && (RucioLines.Text(line, "name") ?? did.Name) == did.Name;

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

            var rse = RucioLines.Text(pfn.Value, "rse") ?? "";
            found.Add(new Replica(pfn.Name, rse, StateAt(line, rse), Priority(pfn.Value), bytes));
        }
    }

    private static string StateAt(JsonElement line, string rse) =>
        line.TryGetProperty("states", out var states) && rse.Length > 0 ? RucioLines.Text(states, rse) ?? "" : "";

    private static int Priority(JsonElement pfn) =>
        pfn.ValueKind == JsonValueKind.Object && pfn.TryGetProperty("priority", out var value)
        && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var priority) ? priority : int.MaxValue;
}
