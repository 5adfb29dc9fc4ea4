namespace OpsAgent.Stomp;

/// <summary>When the broker takes a message as done.</summary>
public enum StompAckMode
{
    /// <summary>As soon as it has been written: what is on the way when a connection ends is lost.</summary>
    Auto,

    /// <summary>At an ACK, which counts for every earlier message of the subscription too.</summary>
    Client,

    /// <summary>At its own ACK. Not in STOMP 1.0 as such, but brokers know it there too.</summary>
    ClientIndividual,
}
