using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Monitor;

/// <summary>A line of the agent's log for the monitor.</summary>
internal sealed record LogLine(DateTimeOffset At, LogLevel Level, string Category, string Function, string Message, int Thread);
