namespace OpsAgent.Agent.Monitor;

/// <summary>What a heartbeat tells that may change.</summary>
/// <param name="State">STARTING, READY, PROCESSING or EXITED.</param>
/// <param name="Connected">Whether there is a connection to the broker.</param>
internal readonly record struct HeartbeatFacts(string State, bool Connected);
