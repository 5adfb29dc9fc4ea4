namespace OpsAgent.Agent.Dispatch;

/// <summary>How much may be held un-acked in memory. One more, and the oldest is refused so that pings keep coming through.</summary>
/// <param name="Count">Deliveries.</param>
/// <param name="Bytes">Their frames together.</param>
internal sealed record HoldingLimits(int Count = 10_000, long Bytes = 16 * 1024 * 1024);
