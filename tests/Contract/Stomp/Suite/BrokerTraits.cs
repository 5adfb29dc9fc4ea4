namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>What becomes of a message that is refused with NACK.</summary>
public enum NackEffect
{
    /// <summary>It is delivered again, marked.</summary>
    DeliveredAgain,

    /// <summary>It is moved to the dead-letter queue and not delivered again.</summary>
    DeadLetter,
}

/// <summary>How a broker answers a frame that is wrong.</summary>
public enum Answer
{
    /// <summary>Not at all: the frame is taken for right, or ignored, and the connection goes on.</summary>
    None,

    /// <summary>With ERROR, and the connection goes on.</summary>
    Error,

    /// <summary>With ERROR, and the connection is closed, as the specification says.</summary>
    ErrorAndEnd,

    /// <summary>The connection is closed without a word.</summary>
    End,
}

/// <summary>Where brokers differ. What is not here holds for all of them, and the suite asserts it without a condition.</summary>
public sealed record BrokerTraits
{
    /// <summary>How the <c>server</c> header of CONNECTED begins.</summary>
    public required string Server { get; init; }

    /// <summary>The <c>host</c> header of CONNECT must name a virtual host that is there.</summary>
    public required bool HostIsVirtualHost { get; init; }

    /// <summary>A second connection with the <c>client-id</c> of one that lives is refused.</summary>
    public required bool ClientIdIsExclusive { get; init; }

    /// <summary>The shortest heart-beat granted, in milliseconds: who asks for less gets this.</summary>
    public required int LeastHeartBeat { get; init; }

    /// <summary>What NACK does.</summary>
    public required NackEffect Nack { get; init; }

    /// <summary>In ack mode client, NACK counts for the earlier messages too, as ACK does everywhere.</summary>
    public required bool NackIsCumulative { get; init; }

    /// <summary>In ack mode client, ACK counts for the earlier messages of the connection's other subscriptions too.</summary>
    public required bool AckReachesOtherSubscriptions { get; init; }

    /// <summary>How an ACK of a message that has been acked is answered.</summary>
    public required Answer SecondAck { get; init; }

    /// <summary>UNSUBSCRIBE gives back what was not acked; otherwise the end of the connection does.</summary>
    public required bool UnsubscribeGivesBack { get; init; }

    /// <summary>What several lost consumers held comes back in the order of the queue. Otherwise there is no promise.</summary>
    public required bool RestoresOrderOfSeveral { get; init; }

    /// <summary>A message has the same <c>message-id</c> when it is delivered again.</summary>
    public required bool MessageIdSurvives { get; init; }

    /// <summary>Messages carry a <c>timestamp</c> of the broker, in milliseconds since 1970.</summary>
    public required bool StampsTime { get; init; }

    /// <summary>A <c>timestamp</c> that the sender gives stands.</summary>
    public required bool SenderSetsTimestamp { get; init; }

    /// <summary>Messages carry a <c>content-length</c> even when they were sent without one.</summary>
    public required bool AlwaysTellsLength { get; init; }

    /// <summary>The header of SUBSCRIBE that bounds the un-acked messages of a consumer; null: there is none.</summary>
    public required string? WindowHeader { get; init; }

    /// <summary>The most un-acked messages of a consumer that asked for no window; null: no bound.</summary>
    public required int? DefaultWindow { get; init; }

    /// <summary><c>expires</c>, a time in milliseconds since 1970, ends a message that waits.</summary>
    public required bool HonoursExpires { get; init; }

    /// <summary><c>expiration</c>, a number of milliseconds, ends a message that waits.</summary>
    public required bool HonoursExpiration { get; init; }

    /// <summary>An ERROR names the receipt that the wrong frame asked for.</summary>
    public required bool ErrorNamesReceipt { get; init; }

    /// <summary>A frame that is answered with ERROR may get its RECEIPT too, so that a receipt proves nothing yet.</summary>
    public required bool MayConfirmWhatItRefuses { get; init; }

    /// <summary>The receipt of a SEND in a transaction comes with the COMMIT, not before.</summary>
    public required bool ReceiptWaitsForCommit { get; init; }

    /// <summary>How wrong frames are answered.</summary>
    public required IReadOnlyDictionary<Mistake, Answer> Mistakes { get; init; }
}
