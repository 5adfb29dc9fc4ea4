namespace OpsAgent.Doers.Facility.Credentials;

/// <summary>HTTP with the proxy as client certificate.</summary>
public static class ProxyHttp
{
    /// <summary>As <see cref="ServiceHttp.Create(TrustAnchors)"/>, and it sends the proxy with its whole chain.</summary>
    public static HttpClient Create(ProxyCredential proxy, TrustAnchors anchors) => ServiceHttp.Create(anchors, tls =>
    {
        // The server can't find the user's certificate between the proxy and its authority by itself.
        tls.ClientCertificateContext = ProxyContext.Of(proxy);
        tls.AllowTlsResume = false; // a resumed session brings the proxy without its chain
    });
}
