using OpsAgent.Doers.Facility.Rucio;

namespace OpsAgent.Doers.Facility.Doors;

/// <summary>Which doors to try, and in which order.</summary>
public static class DoorOrder
{
    /// <summary>
    /// Doors of available replicas before those of temporarily unavailable ones (others hold no readable file), XRootD before
    /// https, then Rucio's priority, then its order; each URL once.
    /// </summary>
    public static IReadOnlyList<Door> Of(IEnumerable<Replica> replicas) =>
        [.. replicas
            .Select(r => (Replica: r, Door: Door.Of(r), Rank: Rank(r.State)))
            .Where(c => c.Door is not null && c.Rank is not null)
            .OrderBy(c => c.Rank).ThenBy(c => c.Door!.Kind).ThenBy(c => c.Replica.Priority)
            .Select(c => c.Door!)
            .DistinctBy(d => d.Url)];

    /// <summary>Why <see cref="Of"/> found nothing, for the reader.</summary>
    public static string WhyNone(IReadOnlyList<Replica> replicas)
    {
        if (replicas.Count == 0)
        {
            return "Rucio knows no replica of it";
        }

        var states = string.Join(", ", replicas.Select(r => $"{r.Rse} {r.State}".Trim()).Where(s => s.Length > 0).Distinct());
        return $"none of its {replicas.Count} replicas can be read: " + OneLine.Of(
            states.Length > 0 ? states : string.Join(", ", replicas.Select(r => OneLine.Of(r.Pfn))), 400);
    }

    private static int? Rank(string state) => state switch
    {
        "AVAILABLE" or "A" or "" => 0,
        "TEMPORARY_UNAVAILABLE" or "T" => 1,
        _ => null,
    };
}
