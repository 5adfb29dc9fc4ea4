namespace OpsAgent.Agent.Bus;

/// <summary>What the connection to the broker is doing.</summary>
/// <param name="Connected">True between CONNECTED and the loss of the connection.</param>
/// <param name="Endpoint">host:port last connected or tried; empty before the first try.</param>
/// <param name="Since">When it last changed.</param>
/// <param name="LastError">Why the last connection ended or could not be made; empty if none failed yet.</param>
internal sealed record BusState(bool Connected, string Endpoint, DateTimeOffset Since, string LastError)
{
    /// <summary>What is known of who holds the queue, in words; empty without a connection.</summary>
    public string Holding { get; init; } = "";

    /// <summary>True if another agent is known to hold it.</summary>
    public bool StandsBy { get; init; }
}
