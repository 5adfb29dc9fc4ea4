namespace OpsAgent.Abstractions;

/// <summary>A direct answer to a control request: not persistent, not stored.</summary>
/// <param name="Destination">The broker destination, exactly as it goes on the wire.</param>
/// <param name="Body">JSON text in UTF-8.</param>
/// <param name="Expires">How long the broker may keep it.</param>
public sealed record Reply(string Destination, ReadOnlyMemory<byte> Body, TimeSpan Expires);
