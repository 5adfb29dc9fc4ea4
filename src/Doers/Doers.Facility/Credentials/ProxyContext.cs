using System.Collections.ObjectModel;
using System.Net.Security;
using System.Runtime.CompilerServices;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Doers.Facility.Credentials;

/// <summary>
/// What TLS sends as client certificate: the proxy and the chain behind it, as the file has them. The public
/// <see cref="SslStreamCertificateContext.Create(X509Certificate2, X509Certificate2Collection, bool)"/> verifies the chain first, and
/// the platform's verification throws for any RFC 3820 proxy (dotnet/runtime#41916). To let OpenSSL accept proxies throughout the
/// process would cure that too, but then a user's proxy could pass for a server's certificate; so the constructor behind it is
/// called.
/// </summary>
internal static class ProxyContext
{
    public static SslStreamCertificateContext Of(ProxyCredential proxy)
    {
        try
        {
            return Make(proxy.Certificate, new ReadOnlyCollection<X509Certificate2>([.. proxy.Chain]), null);
        }
        catch (MissingMethodException e)
        {
            throw new DoerException(DoerExit.Configuration, "this .NET runtime has no way to send a proxy's chain", e);
        }
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    private static extern SslStreamCertificateContext Make(
        X509Certificate2 target, ReadOnlyCollection<X509Certificate2> intermediates, SslCertificateTrust? trust);
}
