namespace OpsAgent.Agent.Bus;

/// <summary>A message to the broker.</summary>
/// <param name="Destination">Exactly as it goes on the wire, prefix included.</param>
/// <param name="Body">JSON text in UTF-8; sent without content-length, so that brokers store it as text.</param>
/// <param name="Persistent">True: survives a restart of the broker.</param>
/// <param name="ExpiresAt">When the broker may drop it; null: never.</param>
internal sealed record OutgoingMessage(string Destination, ReadOnlyMemory<byte> Body, bool Persistent, DateTimeOffset? ExpiresAt = null);
