using System.Net;
using System.Net.Sockets;

namespace OpsAgent.Tests.Support;

/// <summary>
/// Stands before a TLS server of this host and makes its handshakes slow, as a busy broker's are: the first bytes that a server sends
/// go out in small pieces, each after a pause. What comes behind is passed on at once.
/// </summary>
public sealed class SlowTlsRelay : IAsyncDisposable
{
    /// <summary>Pieces that are held back on each connection.</summary>
    public const int Pieces = 4;

    // All of them are within what a server sends before its handshake is done.
    private const int PieceBytes = 128;

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly int _server;
    private readonly Func<int, TimeSpan> _pause;
    private readonly Task _accepting;
    private int _connections;

    /// <param name="server">The server's port.</param>
    /// <param name="pause">Before each piece on the nth connection, from 1 on.</param>
    public SlowTlsRelay(int server, Func<int, TimeSpan> pause)
    {
        (_server, _pause) = (server, pause);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _accepting = AcceptAllAsync();
    }

    public int Port { get; }

    /// <summary>Connections so far.</summary>
    public int Connections => Volatile.Read(ref _connections);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAllAsync()
    {
        var all = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                all.Add(ServeAsync(client, _pause(Interlocked.Increment(ref _connections))));
            }
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(all);
        }
    }

    private async Task ServeAsync(TcpClient client, TimeSpan pause)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        using (client)
        using (var server = new TcpClient())
        {
            try
            {
                await server.ConnectAsync(IPAddress.Loopback, _server, ended.Token);
                var up = client.GetStream().CopyToAsync(server.GetStream(), ended.Token);
                var down = TrickleAsync(server.GetStream(), client.GetStream(), pause, ended.Token);
                await Task.WhenAny(up, down);
                await ended.CancelAsync();
                await Task.WhenAll(up, down);
            }
            catch (Exception e) when (e is IOException or SocketException or OperationCanceledException)
            {
                // One of the two has gone, and the other one with it.
            }
        }
    }

    private static async Task TrickleAsync(NetworkStream from, NetworkStream to, TimeSpan pause, CancellationToken cancellationToken)
    {
        var buffer = new byte[16 * 1024];
        var held = Pieces;
        int length;
        while ((length = await from.ReadAsync(buffer, cancellationToken)) > 0)
        {
            for (var at = 0; at < length;)
            {
                var piece = length - at;
                if (held > 0)
                {
                    held--;
                    piece = Math.Min(piece, PieceBytes);
                    await Task.Delay(pause, TimeProvider.System, cancellationToken);
                }

                await to.WriteAsync(buffer.AsMemory(at, piece), cancellationToken);
                at += piece;
            }
        }
    }
}
