namespace OpsAgent.Agent.Bus;

/// <summary>The broker can't be reached now, or the connection was lost before it confirmed.</summary>
internal sealed class BusUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
