namespace OpsAgent.Agent.Hosting.Systemd;

/// <summary>What systemd has been told, or is to be told as soon as it listens.</summary>
internal enum ServiceState
{
    /// <summary>The ledger is being recovered.</summary>
    Starting = 0,

    /// <summary>READY=1 is to be sent.</summary>
    Ready = 1,

    /// <summary>READY=1 was sent.</summary>
    Running = 2,

    /// <summary>STOPPING=1 is to be sent.</summary>
    Stopping = 3,

    /// <summary>STOPPING=1 was sent.</summary>
    Draining = 4,
}
