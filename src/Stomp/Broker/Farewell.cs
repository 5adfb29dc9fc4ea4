using System.Net.Sockets;

namespace OpsAgent.Stomp.Broker;

/// <summary>
/// The end of a connection that has been told something last. A socket that is closed with unread input sends a reset, and the
/// client's system may drop what it has not read yet: so the broker closes its own side, and reads on for a while.
/// </summary>
internal static class Farewell
{
    private const int ReadSize = 16 * 1024;
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(2);

    public static async Task SayAsync(Socket socket, TimeProvider time, CancellationToken cancellationToken)
    {
        using var limit = new CancellationTokenSource(Longest, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            socket.Shutdown(SocketShutdown.Send);
            var thrownAway = new byte[ReadSize];
            while (await socket.ReceiveAsync(thrownAway, SocketFlags.None, either.Token) > 0)
            {
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
            // The client went first, or goes on talking: it has had its time.
        }
    }
}
