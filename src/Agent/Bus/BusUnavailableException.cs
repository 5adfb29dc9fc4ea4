namespace OpsAgent.Agent.Bus;

/// <summary>The broker can't be reached now, or the connection was lost before it confirmed.</summary>
internal sealed class BusUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>
    /// What the broker said when it refused this very message; null when the connection ended for another reason. The same message
    /// would be refused again, and each time the connection with it.
    /// </summary>
    public string? Refusal { get; init; }

    /// <summary>
    /// What the broker said when it ended the connection for something that asked for no receipt, as a subscription; else null.
    /// </summary>
    public string? BrokerError { get; init; }
}
