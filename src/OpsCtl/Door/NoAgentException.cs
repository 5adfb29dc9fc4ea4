namespace OpsAgent.OpsCtl.Door;

/// <summary>Nobody listens at the door: no agent runs on this state folder.</summary>
internal sealed class NoAgentException(string socket, Exception inner) : Exception($"no agent listens at {socket}", inner);
