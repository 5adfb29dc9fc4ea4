using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Agent.Monitor;

/// <summary>Connections to the monitor: no redirects, no proxy, no cookies, TLS verified.</summary>
internal static class MonitorTransport
{
    private const int MaxHeaderKilobytes = 64;

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>The monitor may move behind its name.</summary>
    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(5);

    /// <param name="caFile">PEM file of the CAs to trust; null: the system's.</param>
    public static SocketsHttpHandler Create(string? caFile)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = ConnectTimeout,
            PooledConnectionLifetime = ConnectionLifetime,
            ActivityHeadersPropagator = null,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
        };
        handler.SslOptions = new SslClientAuthenticationOptions
        {
#pragma warning disable CA5398 // the floor is the point: never below 1.2, and 1.3 where both know it
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            CertificateChainPolicy = caFile is null ? null : Trusting(caFile),
        };
        return handler;
    }

    private static X509ChainPolicy Trusting(string caFile)
    {
        var policy = new X509ChainPolicy
        {
            TrustMode = X509ChainTrustMode.CustomRootTrust,
            RevocationMode = X509RevocationMode.NoCheck,
            VerificationTimeIgnored = true,
        };
        policy.CustomTrustStore.AddRange(Authorities(caFile));
        return policy;
    }

    /// <summary>The certificates of a CA file.</summary>
    /// <exception cref="CryptographicException">It holds none, or can't be read as PEM.</exception>
    public static X509Certificate2Collection Authorities(string caFile)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(caFile);
        return authorities.Count > 0 ? authorities : throw new CryptographicException($"{caFile} holds no certificate");
    }
}
