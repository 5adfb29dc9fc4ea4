namespace OpsAgent.Doers.RucioSnapshot;

/// <summary>What to take a snapshot of, and what may be done with it.</summary>
/// <param name="Campaigns">The campaigns; none are those that PCS names.</param>
/// <param name="AllowShrink">Go on although many tasks would lose all of their outputs.</param>
/// <param name="DryRun">Write nothing, tell what would be written.</param>
internal sealed record SnapshotArguments(IReadOnlyList<string> Campaigns, bool AllowShrink, bool DryRun);
