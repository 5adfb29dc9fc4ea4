namespace OpsAgent.Capabilities.Signing;

/// <summary>A key with its id. No record, so that nothing prints the secret by itself.</summary>
public sealed class SigningKey
{
    /// <summary>The fewest bytes of a secret.</summary>
    public const int MinBytes = 32;

    /// <summary>The most bytes of a secret: HMAC-SHA256 takes no more in.</summary>
    public const int MaxBytes = 64;

    private readonly byte[] _secret;

    /// <param name="id">Of <see cref="KeyId"/>'s form.</param>
    /// <param name="secret">32 to 64 bytes; copied.</param>
    /// <exception cref="ArgumentException">One of them is not.</exception>
    public SigningKey(string id, ReadOnlySpan<byte> secret)
    {
        if (!KeyId.IsValid(id) || secret.Length is < MinBytes or > MaxBytes)
        {
            throw new ArgumentException($"a key has an id of {KeyId.Form}, and {MinBytes} to {MaxBytes} bytes");
        }

        Id = id;
        _secret = secret.ToArray();
    }

    /// <summary>Its id.</summary>
    public string Id { get; }

    /// <summary>The secret itself: never logged, never shown.</summary>
    public ReadOnlySpan<byte> Secret => _secret;

    /// <inheritdoc/>
    public override string ToString() => Id;
}
