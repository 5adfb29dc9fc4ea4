namespace OpsAgent.Doers.PayloadLog.Archive;

/// <summary>How much a tarball may ask for. Its content was written by a job, so it is not to be trusted.</summary>
internal sealed record ArchiveLimits
{
    public static ArchiveLimits Default { get; } = new();

    /// <summary>Members of any kind.</summary>
    public int Entries { get; init; } = 10_000;

    /// <summary>Unpacked bytes, headers and unwanted members included.</summary>
    public long Bytes { get; init; } = 2L << 30;

    /// <summary>Unpacked bytes for each byte of the file.</summary>
    public int Ratio { get; init; } = 200;

    /// <summary>Below this many unpacked bytes the ratio is not looked at: a short log of blanks is no bomb.</summary>
    public long RatioFloor { get; init; } = 16 << 20;

    /// <summary>What one member's extended header may hold; it is read into memory.</summary>
    public int HeaderBytes { get; init; } = 1 << 20;
}
