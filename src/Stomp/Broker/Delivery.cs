namespace OpsAgent.Stomp.Broker;

/// <summary>A message in the hands of one consumer.</summary>
internal sealed class Delivery(QueueEntry entry, Consumer consumer, string? ackId)
{
    public QueueEntry Entry { get; } = entry;

    public Consumer Consumer { get; } = consumer;

    /// <summary>What the client's ACK names; null when it has to send none.</summary>
    public string? AckId { get; } = ackId;

    /// <summary>If not, it is done with when it is written.</summary>
    public bool NeedsAck => AckId is not null;

    /// <summary>As it was when the message was handed out: the entry's may change while this one is written.</summary>
    public bool Redelivered { get; } = entry.Redelivered;

    /// <summary>Its place among the consumer's open deliveries; null once it is acked, refused, taken back or, if it needs no ACK, being written.</summary>
    public LinkedListNode<Delivery>? Open { get; set; }

    /// <summary>An open transaction holds an answer to it.</summary>
    public bool AnsweredInTransaction { get; set; }
}
