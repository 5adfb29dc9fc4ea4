namespace OpsAgent.Stomp;

/// <summary>What happened to the connection.</summary>
public enum StompChangeKind
{
    /// <summary>An endpoint is about to be tried.</summary>
    Connecting,

    /// <summary>The broker granted the connection.</summary>
    Connected,

    /// <summary>The endpoint could not be connected to, or it refused.</summary>
    ConnectFailed,

    /// <summary>A connection that was granted has ended.</summary>
    Disconnected,
}

/// <summary>A change of a client's connection.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Endpoint">The endpoint tried, connected to or lost.</param>
/// <param name="Version">The version agreed on; null while there is none.</param>
/// <param name="Server">What the broker calls itself; null when it does not say or is not connected.</param>
/// <param name="Reason">Why it failed or ended, in one printable line; null when nothing did.</param>
public sealed record StompConnectionChange(
    StompChangeKind Kind,
    StompEndpoint Endpoint,
    string? Version = null,
    string? Server = null,
    string? Reason = null);
