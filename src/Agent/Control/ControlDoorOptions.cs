namespace OpsAgent.Agent.Control;

/// <summary>Where the local door is and who may use it.</summary>
internal sealed class ControlDoorOptions
{
    /// <summary>The socket's file name beneath the state folder.</summary>
    public const string FileName = "control.sock";

    /// <summary>The state folder; it exists.</summary>
    public required string StateDirectory { get; init; }

    /// <summary>The operators' group, by name; null: the agent's own.</summary>
    public string? Group { get; init; }

    /// <summary>Connections at a time; one more is closed at once.</summary>
    public int MaxConnections { get; init; } = 32;

    /// <summary>How long one request may take before it is answered with 503.</summary>
    public TimeSpan RequestTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The same of a request that waits for a doer: for the end of one that is cancelled, whose grace it is, or for one that lets go what is
    /// settled by hand.
    /// </summary>
    public TimeSpan DoerTimeout { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long a connection may take to send a request's head.</summary>
    public TimeSpan HeadersTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The socket's whole path.</summary>
    public string SocketPath => Path.Combine(StateDirectory, FileName);
}
