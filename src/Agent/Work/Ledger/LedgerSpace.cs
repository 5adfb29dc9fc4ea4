namespace OpsAgent.Agent.Work.Ledger;

/// <summary>How much the ledger takes on disk. Measured by the writer's thread, read by any.</summary>
/// <param name="path">The ledger's file.</param>
/// <param name="maxBytes">From here on no new work is taken in.</param>
internal sealed class LedgerSpace(string path, long maxBytes)
{
    private const long Pause = 100; // ms

    private long _bytes;
    private long _logBytes;
    private long _measured;

    public long MaxBytes => maxBytes;

    /// <summary>What its rows take, without pages that are free for others.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>The write-ahead log; it grows while another program reads an old state of the file.</summary>
    public long LogBytes => Interlocked.Read(ref _logBytes);

    /// <summary>True if it is worth a look: not at every one of many commits, unless it matters now.</summary>
    public bool IsDue => IsCrowded || Environment.TickCount64 - _measured >= Pause;

    /// <summary>New work finds no room.</summary>
    public bool IsFull => Bytes >= maxBytes;

    /// <summary>Near enough to the bound that what is old must go.</summary>
    public bool IsCrowded => Bytes >= maxBytes / 10 * 9;

    public string FullReason => $"the ledger is full: {Bytes >> 20} MiB of at most {maxBytes >> 20} MiB; see opsctl status";

    /// <summary>Within the writer's connection.</summary>
    public void Measure(LedgerSession session)
    {
        _measured = Environment.TickCount64;
        var pages = (long)session.Scalar("PRAGMA page_count")! - (long)session.Scalar("PRAGMA freelist_count")!;
        Interlocked.Exchange(ref _bytes, pages * (long)session.Scalar("PRAGMA page_size")!);
        var log = new FileInfo(path + "-wal");
        Interlocked.Exchange(ref _logBytes, log.Exists ? log.Length : 0);
    }
}
