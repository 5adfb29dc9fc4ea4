using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>A port that was free a moment ago; whoever binds it must be ready to ask again.</summary>
public static class FreePort
{
    /// <summary>On loopback.</summary>
    public static int Next()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
