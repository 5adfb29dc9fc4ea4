namespace OpsAgent.Capabilities;

/// <summary>What came of reading a manifest: either the whole of it, or every error at once.</summary>
/// <param name="Manifest">Null if there is any error: half a manifest is never put in force.</param>
/// <param name="Errors">In the order of the file.</param>
public sealed record ManifestReading(Manifest? Manifest, IReadOnlyList<ManifestError> Errors);
