namespace OpsAgent.Agent.Monitor;

/// <summary>What is known of the monitor at one moment, from memory.</summary>
internal sealed record MonitorState
{
    /// <summary>Base URL of the agent API; empty: agents are not registered.</summary>
    public string Url { get; init; } = "";

    /// <summary>Base URL of records and log lines; empty: none are sent.</summary>
    public string StreamsUrl { get; init; } = "";

    /// <summary>When the last heartbeat was taken; null: none was yet.</summary>
    public DateTimeOffset? HeartbeatAt { get; init; }

    /// <summary>Why the last heartbeat or record was not taken; empty if it was.</summary>
    public string LastError { get; init; } = "";

    /// <summary>Records that wait.</summary>
    public long Records { get; init; }

    /// <summary>When the oldest of them was made; null if none waits.</summary>
    public DateTimeOffset? RecordsOldestAt { get; init; }

    /// <summary>Records that the monitor did not take and that were given up, since the start.</summary>
    public long RecordsRefused { get; init; }

    /// <summary>Records dropped for want of room, since the start.</summary>
    public long RecordsDropped { get; init; }

    /// <summary>Log lines dropped since the start.</summary>
    public long LogsDropped { get; init; }
}
