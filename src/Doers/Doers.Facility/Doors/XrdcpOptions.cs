namespace OpsAgent.Doers.Facility.Doors;

/// <summary>Where xrdcp is and with which proxy it runs.</summary>
/// <param name="Program">Its absolute path.</param>
/// <param name="ProxyPath">The proxy, passed as <c>X509_USER_PROXY</c>.</param>
public sealed record XrdcpOptions(string Program, string ProxyPath)
{
    private static readonly string[] Places = ["/usr/bin/xrdcp", "/usr/local/bin/xrdcp"];

    /// <summary><c>XRDCP</c> if it is set, else the usual places; never PATH.</summary>
    public static XrdcpOptions From(DoerEnvironment environment, string proxyPath)
    {
        var program = environment.Value("XRDCP") is not null
            ? environment.AbsolutePath("XRDCP", Places[0])
            : Array.Find(Places, File.Exists) ?? Places[0];
        return new XrdcpOptions(program, proxyPath);
    }
}
