using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Stomp.Connection;

/// <summary>Makes the settings of a TLS handshake from files.</summary>
internal static class TlsFiles
{
    /// <exception cref="ArgumentException">There is nothing to trust, or a file does not hold what it should.</exception>
    public static SslClientAuthenticationOptions Load(StompTlsOptions tls, string endpointHost) => new()
    {
        // The name is checked against this by the runtime; there is no callback that could let a wrong one through.
        TargetHost = tls.TargetHost ?? endpointHost,
#pragma warning disable CA5398 // the least version is part of this library's promise, not the system's choice
        EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        CertificateChainPolicy = Trust(tls),
        ClientCertificateContext = ClientCertificate(tls),
    };

    private static X509ChainPolicy Trust(StompTlsOptions tls)
    {
        var policy = new X509ChainPolicy { RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        if (tls.CaFile is not { } file)
        {
            return tls.UseSystemRoots ? policy : throw new ArgumentException("TLS needs a CA file, or leave to use the system's roots");
        }

        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        Read(file, () => policy.CustomTrustStore.ImportFromPemFile(file));
        return policy.CustomTrustStore.Count > 0 ? policy : throw new ArgumentException($"there is no certificate in {file}");
    }

    private static SslStreamCertificateContext? ClientCertificate(StompTlsOptions tls)
    {
        if (tls.ClientCertificateFile is not { } file)
        {
            return tls.ClientKeyFile is null ? null : throw new ArgumentException("a client key is given without its certificate");
        }

        var chain = new X509Certificate2Collection();
        X509Certificate2? certificate = null;
        Read(file, () =>
        {
            certificate = X509Certificate2.CreateFromPemFile(file, tls.ClientKeyFile);
            chain.ImportFromPemFile(file);
        });
        return SslStreamCertificateContext.Create(certificate!, chain, offline: true);
    }

    private static void Read(string file, Action read)
    {
        try
        {
            read();
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException)
        {
            throw new ArgumentException($"certificates could not be read from {file}: {e.Message}", e);
        }
    }
}
