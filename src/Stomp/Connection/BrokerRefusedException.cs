namespace OpsAgent.Stomp.Connection;

/// <summary>The broker did not grant the connection.</summary>
internal sealed class BrokerRefusedException(string message) : StompException(message);
