namespace OpsAgent.Stomp.Broker;

/// <summary>A message in one queue.</summary>
/// <param name="message">The message.</param>
/// <param name="position">Its place in the queue, which it takes again when it comes back.</param>
internal sealed class QueueEntry(BrokerMessage message, long position)
{
    public BrokerMessage Message { get; } = message;

    public long Position { get; } = position;

    /// <summary>A consumer may have seen it.</summary>
    public bool Redelivered { get; set; }
}
