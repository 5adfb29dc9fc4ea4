using OpsAgent.Doers.Facility.Pcs;

namespace OpsAgent.Doers.RucioSnapshot.Taking;

/// <summary>
/// Which tasks each current campaign has, of those that the run takes and of all others: a task that two of them have can't be
/// placed, whether or not the other one's datasets are known.
/// </summary>
internal sealed class CurrentCatalogues
{
    private readonly IReadOnlyList<(string Name, IReadOnlySet<string> Samples)> _campaigns;

    private CurrentCatalogues(IReadOnlyList<(string Name, IReadOnlySet<string> Samples)> campaigns) => _campaigns = campaigns;

    /// <summary>Takes <paramref name="known"/> as they were read, and asks PCS for the current ones that are not among them.</summary>
    public static async Task<CurrentCatalogues> ReadAsync(IReadOnlyList<Campaign> known, PcsCampaigns pcs, CancellationToken stop)
    {
        List<(string Name, IReadOnlySet<string> Samples)> campaigns =
            [.. known.Where(static c => c.IsMatched).Select(static c => (c.Name, c.Samples))];
        foreach (var name in (await pcs.TargetsAsync(stop)).Except(known.Select(static c => c.Name), StringComparer.Ordinal))
        {
            if (await pcs.LifecycleAsync(name, stop) == Campaign.Current)
            {
                campaigns.Add((name, Campaign.SamplesOf(await pcs.CatalogAsync(name, stop))));
            }
        }

        return new CurrentCatalogues(campaigns);
    }

    /// <summary>Another current campaign that has the task; null if <paramref name="campaign"/> alone has it.</summary>
    public string? OtherOf(string campaign, string task) => _campaigns.FirstOrDefault(c => c.Name != campaign && c.Samples.Contains(task)).Name;
}
