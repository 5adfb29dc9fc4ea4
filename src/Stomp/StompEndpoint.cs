namespace OpsAgent.Stomp;

/// <summary>Where a broker listens.</summary>
/// <param name="Host">A name or an address; with TLS it is what the certificate must name.</param>
/// <param name="Port">The TCP port.</param>
public sealed record StompEndpoint(string Host, int Port)
{
    /// <inheritdoc/>
    public override string ToString() => Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]:{Port}" : $"{Host}:{Port}";
}
