namespace OpsAgent.Agent.Monitor;

/// <summary>Where the facility's monitor is, and how long it is waited for.</summary>
internal sealed record MonitorOptions
{
    /// <summary>No monitor: nothing is asked, told or kept for it.</summary>
    public static readonly MonitorOptions Off = new();

    /// <summary>Base URL of the agent API: ids, heartbeats, subscribers; its path included, no slash at its end. Empty: none.</summary>
    public string Api { get; init; } = "";

    /// <summary>The same of log lines and action records.</summary>
    public string Streams { get; init; } = "";

    /// <summary>For the agent API; empty: none is sent.</summary>
    public string Token { get; init; } = "";

    /// <summary>True if the agent's id is the monitor's to give, and nobody else gave one.</summary>
    public bool AsksForId { get; init; }

    /// <summary>PEM file of the CAs to trust; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>Limit of one call of the agent API, and of one log line.</summary>
    public TimeSpan CallTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Limit of one try to send an action record.</summary>
    public TimeSpan ActionTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Action records that wait at most; the oldest give way, those of high weight last.</summary>
    public int MaxRecords { get; init; } = 100_000;

    /// <summary>True if agents are registered.</summary>
    public bool IsRegistered => Api.Length > 0;

    /// <summary>True if log lines and action records are sent.</summary>
    public bool SendsStreams => Streams.Length > 0;
}
