namespace OpsAgent.Tests.Demo;

/// <summary>This machine can't show what was asked for.</summary>
internal sealed class UnavailableException(string message) : Exception(message);
