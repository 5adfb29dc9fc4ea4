namespace OpsAgent.Stomp;

/// <summary>What goes wrong with a connection.</summary>
public abstract class StompException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>There is no connection now; nothing was sent.</summary>
public sealed class StompNotConnectedException(string message) : StompException(message);

/// <summary>The connection ended before the broker confirmed: the message may or may not have arrived.</summary>
public sealed class StompConnectionLostException(string message, Exception? inner = null) : StompException(message, inner)
{
    /// <summary>
    /// What the broker said when it refused exactly this message (an ERROR frame that names its receipt); null when the connection
    /// ended for another reason. A message that was refused will most likely be refused again.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// What the broker said if it ended the connection with an ERROR frame that names no receipt: it is about a frame that asked for
    /// none, as a SUBSCRIBE. Null when the connection ended otherwise.
    /// </summary>
    public string? BrokerError { get; init; }
}
