using OpsAgent.Capabilities;

namespace OpsAgent.Agent.Hosting;

/// <summary>Shares out <c>SWF_AGENT_MAX_WORKERS</c> over the lanes: in proportion to what they ask for, at least one each.</summary>
internal static class LaneSlots
{
    /// <summary>The lanes of a manifest with the slots that they have.</summary>
    public static IReadOnlyDictionary<string, int> Of(Manifest manifest, int? total) =>
        Share(manifest.Lanes.ToDictionary(l => l.Name.Value, l => l.Slots, StringComparer.Ordinal), total);

    /// <summary>Shares them out.</summary>
    /// <param name="wanted">Slots by lane, as the manifest says.</param>
    /// <param name="total">Slots over all; null: as wanted. Fewer than there are lanes still gives each one.</param>
    public static IReadOnlyDictionary<string, int> Share(IReadOnlyDictionary<string, int> wanted, int? total)
    {
        if (total is not { } all || wanted.Count == 0)
        {
            return wanted;
        }

        var shared = wanted.Keys.ToDictionary(lane => lane, _ => 1, StringComparer.Ordinal);
        var sum = wanted.Values.Sum();
        for (var left = all - shared.Count; left > 0; left--)
        {
            // The lane that is furthest below its share gets the next slot; the name decides between equals.
            var next = wanted.OrderByDescending(w => ((double)w.Value * all / sum) - shared[w.Key]).ThenBy(w => w.Key, StringComparer.Ordinal).First();
            shared[next.Key]++;
        }

        return shared;
    }
}
