namespace OpsAgent.Abstractions;

/// <summary>A signature that was found right.</summary>
/// <param name="KeyId">The key that it was made with: whoever has it asked.</param>
/// <param name="Nonce">With the key it names this one sending: another delivery of the same is a replay.</param>
/// <param name="SignedAt">When, as the signer's clock had it.</param>
public sealed record MessageSignature(string KeyId, string Nonce, DateTimeOffset SignedAt);
