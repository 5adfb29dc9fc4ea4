namespace OpsAgent.Tests.Demo;

/// <summary>Something is not as it should be: the demo has failed, and the message says in what.</summary>
internal sealed class SurpriseException(string message) : Exception(message);
