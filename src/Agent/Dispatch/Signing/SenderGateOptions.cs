namespace OpsAgent.Agent.Dispatch.Signing;

/// <summary>What a signature must fit.</summary>
/// <param name="Destination">The queue, exactly as it is configured.</param>
/// <param name="Window">How far the time of signing may lie from the broker's, or from ours where the broker tells none.</param>
internal sealed record SenderGateOptions(string Destination, TimeSpan Window)
{
    /// <summary>
    /// By our own clock nothing older is believed, whatever the broker's timestamp says: senders may write that themselves, and nonces
    /// are kept at least so long and no longer than they must.
    /// </summary>
    public static readonly TimeSpan Oldest = Work.WorkOptions.ShortestRetention - TimeSpan.FromHours(1);
}
