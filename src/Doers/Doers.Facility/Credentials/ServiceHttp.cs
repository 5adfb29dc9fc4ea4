using System.Net;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace OpsAgent.Doers.Facility.Credentials;

/// <summary>HTTP to the facility's services that ask for no client certificate.</summary>
public static class ServiceHttp
{
    /// <summary>
    /// A client that trusts <paramref name="anchors"/> only, and neither follows redirects nor keeps cookies nor asks a web proxy. It
    /// has no time limit of its own: each call brings one.
    /// </summary>
    public static HttpClient Create(TrustAnchors anchors) => Create(anchors, static _ => { });

    /// <summary>The same, with more settings of the TLS.</summary>
    internal static HttpClient Create(TrustAnchors anchors, Action<SslClientAuthenticationOptions> with)
    {
        var tls = new SslClientAuthenticationOptions
        {
            CertificateChainPolicy = anchors.Policy(),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
#pragma warning disable CA5398 // the floor is the point: never below 1.2, and 1.3 where both know it
            EnabledSslProtocols = SslProtocols.Tls12 | SslProtocols.Tls13,
#pragma warning restore CA5398
        };
        with(tls);
        var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            UseProxy = false,
            AutomaticDecompression = DecompressionMethods.None,
            MaxResponseHeadersLength = 64,
            SslOptions = tls,
        };
        return new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
    }
}
