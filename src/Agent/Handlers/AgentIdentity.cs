namespace OpsAgent.Agent.Handlers;

/// <summary>Who this agent is to the rest of the facility.</summary>
/// <param name="Name"><c>prodops-agent-USER-ID</c>, unique per process.</param>
/// <param name="Namespace">The facility's name for this singleton, <c>prodops</c>.</param>
/// <param name="Pid">This process.</param>
/// <param name="Version">The program's version.</param>
/// <param name="StartedAt">When the process began.</param>
/// <param name="Started">The same as <see cref="TimeProvider.GetTimestamp"/> has it: a clock that is set does not change how long ago it was.</param>
internal sealed record AgentIdentity(string Name, string Namespace, int Pid, string Version, DateTimeOffset StartedAt, long Started);
