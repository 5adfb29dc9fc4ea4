namespace OpsAgent.Tests.Contract.Stomp.Suite;

/// <summary>Frames that a broker of STOMP 1.2 should not take.</summary>
public enum Mistake
{
    /// <summary>A command that there is not.</summary>
    UnknownCommand,

    /// <summary>A command in small letters.</summary>
    LowerCaseCommand,

    /// <summary>A command that only a broker sends.</summary>
    ServersCommand,

    /// <summary>CONNECT on a connection that is granted.</summary>
    SecondConnect,

    /// <summary>A header line without a colon.</summary>
    HeaderWithoutColon,

    /// <summary>A header line that begins with its colon.</summary>
    HeaderWithoutName,

    /// <summary>A backslash with a letter that means nothing.</summary>
    UndefinedEscape,

    /// <summary>A content-length that is no number.</summary>
    LengthIsNoNumber,

    /// <summary>A content-length below zero.</summary>
    NegativeLength,

    /// <summary>No NUL where content-length puts it.</summary>
    BodyBeyondLength,

    /// <summary>SEND to nowhere.</summary>
    SendWithoutDestination,

    /// <summary>SUBSCRIBE to nothing.</summary>
    SubscribeWithoutDestination,

    /// <summary>SUBSCRIBE without an id.</summary>
    SubscribeWithoutId,

    /// <summary>SUBSCRIBE with an id that is in use.</summary>
    SubscriptionIdTwice,

    /// <summary>SUBSCRIBE with an ack mode that there is not.</summary>
    UnknownAckMode,

    /// <summary>UNSUBSCRIBE of what was never subscribed to.</summary>
    UnknownSubscription,

    /// <summary>ACK of a message that was never delivered.</summary>
    AckOfNothing,

    /// <summary>ACK without an id.</summary>
    AckWithoutId,

    /// <summary>NACK of a message that was never delivered.</summary>
    NackOfNothing,

    /// <summary>BEGIN without a name.</summary>
    BeginWithoutName,

    /// <summary>BEGIN of a transaction that is open.</summary>
    BeginTwice,

    /// <summary>COMMIT of a transaction that never began.</summary>
    CommitOfNothing,

    /// <summary>SEND in a transaction that never began.</summary>
    SendInNoTransaction,
}
