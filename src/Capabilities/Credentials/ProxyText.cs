using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Capabilities.Credentials;

/// <summary>Reads an RFC 3820 proxy: it is good as long as the first certificate of its chain, and only with its key.</summary>
internal static class ProxyText
{
    public static CredentialContent Read(string pem)
    {
        var chain = new X509Certificate2Collection();
        try
        {
            chain.ImportFromPem(pem);
            if (chain.Count == 0)
            {
                return CredentialContent.Garbled("holds no certificate");
            }

            using var own = X509Certificate2.CreateFromPem(pem, pem);
            return new CredentialContent(chain.Min(static c => Moment(c.NotAfter))) { Begins = chain.Max(static c => Moment(c.NotBefore)) };
        }
        catch (Exception e) when (e is CryptographicException or ArgumentException or PlatformNotSupportedException)
        {
            return CredentialContent.Garbled("is no certificate with its key");
        }
        finally
        {
            foreach (var certificate in chain)
            {
                certificate.Dispose();
            }
        }
    }

    private static DateTimeOffset Moment(DateTime local) => new(local.ToUniversalTime(), TimeSpan.Zero);
}
