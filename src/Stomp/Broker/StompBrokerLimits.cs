namespace OpsAgent.Stomp.Broker;

/// <summary>What a broker's clients may cost. What goes beyond is answered with an ERROR frame, and the connection is closed.</summary>
public sealed record StompBrokerLimits
{
    /// <summary>Connections at the same time.</summary>
    public int MaxConnections { get; init; } = 1000;

    /// <summary>Subscriptions of one connection.</summary>
    public int MaxSubscriptions { get; init; } = 100;

    /// <summary>Transactions that one connection has open.</summary>
    public int MaxTransactions { get; init; } = 100;

    /// <summary>SEND, ACK and NACK frames in one transaction.</summary>
    public int MaxTransactionFrames { get; init; } = 10_000;

    /// <summary>Queues and topics in use: those that hold messages or have subscribers.</summary>
    public int MaxDestinations { get; init; } = 10_000;

    /// <summary>Messages that are held in all; one that waits for three subscribers of a topic counts three times.</summary>
    public int MaxMessages { get; init; } = 1_000_000;

    /// <summary>Bytes of bodies and headers that are held in all; a message counts once, whoever it waits for.</summary>
    public long MaxMessageBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Headers of one frame.</summary>
    public int MaxHeaders { get; init; } = 256;

    /// <summary>Bytes of the header lines of one frame.</summary>
    public int MaxHeaderBytes { get; init; } = 64 * 1024;

    /// <summary>Bytes of a body.</summary>
    public int MaxBodyBytes { get; init; } = 8 * 1024 * 1024;

    /// <summary>
    /// Bytes for one connection that its socket has not taken yet. While there are more, its subscriptions get no further messages
    /// and nothing more is read from it. One message may go beyond.
    /// </summary>
    public int MaxUnsentBytes { get; init; } = 1024 * 1024;

    /// <summary>Bytes of messages of topics that wait for one connection; beyond that it is too slow and is closed.</summary>
    public int MaxTopicBytes { get; init; } = 16 * 1024 * 1024;
}
