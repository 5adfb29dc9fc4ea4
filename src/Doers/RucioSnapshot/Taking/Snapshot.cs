using OpsAgent.Doers.Facility;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Taking;

/// <summary>What Rucio has of a campaign.</summary>
/// <param name="Campaign">The campaign.</param>
/// <param name="FetchedAt">When it was begun: local time with its offset, <c>2026-08-01T01:02:03+0000</c>.</param>
/// <param name="Paths">Each stage and edition.</param>
internal sealed record Snapshot(Campaign Campaign, string FetchedAt, IReadOnlyList<SnapshotPath> Paths)
{
    /// <summary>The scope of the campaigns' outputs.</summary>
    public const string Scope = "epic";

    /// <summary>All datasets, in the order of the paths.</summary>
    public IEnumerable<Dataset> Datasets => Paths.SelectMany(static p => p.Datasets);

    /// <summary>The first failure; null if every path was searched, and every dataset in it read.</summary>
    public DoerException? Failure => Paths.Select(static p => p.Failure).FirstOrDefault(static f => f is not null);
}
