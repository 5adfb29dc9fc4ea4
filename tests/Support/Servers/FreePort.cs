using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.Support.Servers;

/// <summary>A port that was free a moment ago; whoever binds it must be ready to ask again.</summary>
public static class FreePort
{
    /// <summary>On loopback.</summary>
    public static int Next() => Several(1)[0];

    /// <summary>As many, each another.</summary>
    public static IReadOnlyList<int> Several(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        try
        {
            listeners.ForEach(l => l.Start());
            return [.. listeners.Select(l => ((IPEndPoint)l.LocalEndpoint).Port)];
        }
        finally
        {
            listeners.ForEach(l => l.Dispose());
        }
    }

    /// <summary>True if something listens there.</summary>
    public static bool IsTaken(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
