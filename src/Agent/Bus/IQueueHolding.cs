namespace OpsAgent.Agent.Bus;

/// <summary>
/// Which agent holds the queue: with an exclusive consumer the broker gives everything to one of those that subscribe. Work that must
/// not run twice is started only by the one that is known to hold it, since whoever takes over knows nothing of this ledger.
/// </summary>
internal interface IQueueHolding
{
    /// <summary>
    /// Tells from memory whether work that was received at that time may be started here. While that is not known, as without a
    /// broker, being asked makes it find out.
    /// </summary>
    Holding Decide(DateTimeOffset receivedAt);
}

/// <summary>The answer.</summary>
/// <param name="Claim">Whose it is.</param>
/// <param name="Reason">Why it may have been done elsewhere; empty unless it is <see cref="QueueClaim.Other"/>.</param>
internal readonly record struct Holding(QueueClaim Claim, string Reason = "");

/// <summary>Whose the queue is, and was since the work was received.</summary>
internal enum QueueClaim
{
    /// <summary>It can't be told now: the work waits.</summary>
    Unknown = 0,

    /// <summary>This agent's.</summary>
    Own = 1,

    /// <summary>Another agent holds it or has held it since, or may have.</summary>
    Other = 2,
}

/// <summary>Where there is no queue to share.</summary>
internal sealed class SoleHolding : IQueueHolding
{
    public Holding Decide(DateTimeOffset receivedAt) => new(QueueClaim.Own);
}
