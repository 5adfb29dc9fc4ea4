namespace OpsAgent.Agent.Bus;

/// <summary>
/// The broker as the rest of the agent sees it. One implementation speaks STOMP; another transport would be one more class.
/// </summary>
internal interface IMessageBus
{
    /// <summary>What the connection is doing; read without a lock, for status and pong.</summary>
    BusState State { get; }

    /// <summary>Hands a message to the connection without waiting for the broker: for what may be lost, such as a pong.</summary>
    /// <exception cref="BusUnavailableException">There is no connection now; the message was not sent.</exception>
    ValueTask SendAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>
    /// Sends and completes when the broker has confirmed it (receipt). Many may be in flight at once.
    /// </summary>
    /// <exception cref="BusUnavailableException">No connection, or it was lost before the confirmation came: the message may or may
    /// not have arrived, so the caller sends it again.</exception>
    Task SendConfirmedAsync(OutgoingMessage message, CancellationToken cancellationToken);

    /// <summary>Completes as soon as there is a connection; at once when there is one.</summary>
    Task WaitConnectedAsync(CancellationToken cancellationToken);
}
