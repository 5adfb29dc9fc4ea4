namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>A dataset row of the catalogue: what a task reads, or a past output kept as a row of its own.</summary>
/// <param name="Id">Its primary key.</param>
/// <param name="ComposedName">The name composed of its parts.</param>
/// <param name="Location">Where its data are: an input's path or a DID; empty if it does not say.</param>
/// <param name="Stage">Its stage, <c>evgen</c>, <c>reco</c>; may be empty.</param>
/// <param name="DetectorConfig">Its detector configuration; may be empty.</param>
internal sealed record DatasetRow(long Id, string ComposedName, string Location, string Stage, string DetectorConfig);
