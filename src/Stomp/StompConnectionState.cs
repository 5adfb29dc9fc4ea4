namespace OpsAgent.Stomp;

/// <summary>What a client is doing.</summary>
public enum StompConnectionState
{
    /// <summary><see cref="StompClient.Start"/> has not been called.</summary>
    NotStarted,

    /// <summary>An endpoint is being tried.</summary>
    Connecting,

    /// <summary>There is a connection; frames can be sent.</summary>
    Connected,

    /// <summary>There is none; the next try is waited for.</summary>
    Disconnected,

    /// <summary>Ended by <see cref="StompClient.DisconnectAsync"/> or disposal, for good.</summary>
    Closed,
}
