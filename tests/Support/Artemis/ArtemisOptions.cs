using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Tests.Support.Artemis;

/// <summary>What an operator of Artemis may set. The defaults are the broker's own, read from its source and its manual.</summary>
public sealed record ArtemisOptions
{
    /// <summary><c>handshake-timeout</c>: from accept, TLS included, to the first 8 bytes of the first frame.</summary>
    public TimeSpan HandshakeTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary><c>stompConsumerWindowSize</c>: bytes of whole frames, for a subscription that is not auto and names none.</summary>
    public int ConsumerWindow { get; init; } = 10 * 1024;

    /// <summary><c>max-delivery-attempts</c>: a message that comes back after so many is put aside.</summary>
    public int MaxDeliveryAttempts { get; init; } = 10;

    /// <summary><c>connection-ttl</c>, for a client that promises no heart-beat: silence for longer ends its connection.</summary>
    public TimeSpan ConnectionTtl { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary><c>connectionTtlMin</c>: twice a promised heart-beat counts, but no less than this.</summary>
    public TimeSpan ConnectionTtlMin { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The one login that is let in; null: anybody.</summary>
    public string? Login { get; init; }

    /// <summary>Its passcode.</summary>
    public string? Passcode { get; init; }

    /// <summary>TLS with this certificate; null: plain.</summary>
    public X509Certificate2? Certificate { get; init; }

    /// <summary>False for what <c>auto-create-addresses</c> would have to make and may not: SEND and SUBSCRIBE get an ERROR.</summary>
    public Func<string, bool> Exists { get; init; } = static _ => true;
}
