namespace OpsAgent.Stomp.Broker;

/// <summary>A queue as it was at one moment.</summary>
/// <param name="Destination">Its name on the wire, <c>/queue/NAME</c>.</param>
/// <param name="Waiting">Messages that no consumer has.</param>
/// <param name="HandedOut">Messages that a consumer has and has not acked, or that are being written to one that need not.</param>
/// <param name="Consumers">Subscriptions to it.</param>
public sealed record StompBrokerQueue(string Destination, int Waiting, int HandedOut, int Consumers);
