namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// How much may be held un-acked in memory while the ledger stands still. One more, and the oldest is refused so that pings keep coming
/// through. While it goes on, however slowly, a quarter more is held: the broker's window ends before that.
/// </summary>
/// <param name="Count">Deliveries.</param>
/// <param name="Bytes">Their frames together.</param>
internal sealed record HoldingLimits(int Count = 10_000, long Bytes = 16 * 1024 * 1024)
{
    /// <summary>The ledger stands still when nothing was stored for so long; less than anybody waits for a pong.</summary>
    public TimeSpan StillAfter { get; init; } = TimeSpan.FromSeconds(5);

    public int MostCount => Count + (Count / 4);

    public long MostBytes => Bytes + (Bytes / 4);
}
