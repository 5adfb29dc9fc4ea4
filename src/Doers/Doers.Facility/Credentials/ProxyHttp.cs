using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Doers.Facility.Credentials;

/// <summary>HTTP with the proxy as client certificate.</summary>
public static class ProxyHttp
{
    /// <summary>
    /// A client that sends the proxy with its whole chain, trusts <paramref name="anchors"/> only, and neither follows redirects
    /// nor keeps cookies nor asks a web proxy. It has no time limit of its own: each call brings one.
    /// </summary>
    public static HttpClient Create(ProxyCredential proxy, TrustAnchors anchors)
    {
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 64,
            SslOptions = new SslClientAuthenticationOptions
            {
                // The server can't find the user's certificate between the proxy and its authority by itself.
                ClientCertificateContext = ProxyContext.Of(proxy),
                AllowTlsResume = false, // a resumed session brings the proxy without its chain
                CertificateChainPolicy = anchors.Policy(),
                CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5398 // the floor is the point: never below 1.2, and 1.3 where both know it
                EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
            },
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
