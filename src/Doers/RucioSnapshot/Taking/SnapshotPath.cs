using OpsAgent.Doers.Facility;
using OpsAgent.Doers.RucioSnapshot.Matching;

namespace OpsAgent.Doers.RucioSnapshot.Taking;

/// <summary>The datasets of one stage and edition.</summary>
/// <param name="Path"><c>/RECO/26.02.0</c>.</param>
/// <param name="Datasets">The datasets; none if it failed.</param>
/// <param name="Failure">Why it failed; null if it did not.</param>
internal sealed record SnapshotPath(string Path, IReadOnlyList<Dataset> Datasets, DoerException? Failure);
