namespace OpsAgent.Agent.Boundaries;

/// <summary>The places between two steps of a request's way, where a crash leaves different traces.</summary>
internal enum Boundary
{
    /// <summary>A delivery was read; nothing is stored of it.</summary>
    Received = 0,

    /// <summary>A request is in the ledger; its delivery is not acked.</summary>
    Committed = 1,

    /// <summary>An ack was handed to the connection.</summary>
    Acked = 2,

    /// <summary><c>starting</c> is in the ledger; no doer was started.</summary>
    Starting = 3,

    /// <summary>A doer runs; the ledger does not know its pid.</summary>
    Spawned = 4,

    /// <summary>A doer has ended; the ledger does not know how.</summary>
    Exited = 5,

    /// <summary>The outcome and its messages are in the ledger; none is published.</summary>
    Settled = 6,

    /// <summary>The broker has confirmed a message that the outbox still holds.</summary>
    Published = 7,
}
