namespace OpsAgent.Doers.RucioSnapshot.Matching;

/// <summary>
/// The parts of a DID such as <c>epic:/RECO/26.02.0/epic_craterlake/DIS/NC/10x100/minQ2=1</c>: stage, edition, detector
/// configuration, then the physics path.
/// </summary>
internal static class DatasetName
{
    /// <summary>The name's segments: what follows the first colon, without leading slashes, cut at each slash.</summary>
    public static string[] Segments(string did)
    {
        var name = did.AsSpan(did.IndexOf(':', StringComparison.Ordinal) + 1).TrimStart('/');
        return name.ToString().Split('/');
    }

    /// <summary>The edition: the second segment, empty ones not counted; empty without one.</summary>
    public static string Version(string did) =>
        Segments(did).Where(static s => s.Length > 0).ElementAtOrDefault(1) ?? "";

    /// <summary>True if the name has a physics path, without which nothing can be matched.</summary>
    public static bool HasPhysicsPath(string did) => Segments(did).Length >= 4;

    /// <summary>The campaign of an edition, <c>26.02.1</c> of <c>26.02</c>: its first two dot fields.</summary>
    public static string Family(string edition) => string.Join('.', edition.Split('.').Take(2));
}
