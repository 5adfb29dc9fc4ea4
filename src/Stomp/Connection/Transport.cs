using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace OpsAgent.Stomp.Connection;

/// <summary>A TCP connection to an endpoint, with TLS on it when asked for.</summary>
internal sealed record Transport(Socket Socket, Stream Stream) : IDisposable
{
    public static async Task<Transport> OpenAsync(
        StompEndpoint endpoint,
        StompTlsOptions? tls,
        TimeSpan budget,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        var socket = await ConnectAsync(endpoint, budget, time, cancellationToken);
        var plain = new QuickAckStream(socket);
        try
        {
            if (tls is null)
            {
                return new Transport(socket, plain);
            }

            var secure = new SslStream(plain, leaveInnerStreamOpen: false);
            await secure.AuthenticateAsClientAsync(TlsFiles.Load(tls, endpoint.Host), cancellationToken);
            return new Transport(socket, secure);
        }
        catch
        {
            await plain.DisposeAsync();
            throw;
        }
    }

    /// <summary>Closes the socket; whoever reads or writes is told so.</summary>
    public void Dispose()
    {
        // The socket first: SslStream would try to write its farewell, and a silent peer would not take it.
        Socket.Dispose();
        Stream.Dispose();
    }

    private static async Task<Socket> ConnectAsync(StompEndpoint endpoint, TimeSpan budget, TimeProvider time, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var addresses = await Dns.GetHostAddressesAsync(endpoint.Host, cancellationToken).WaitAsync(cancellationToken);
        for (var i = 0; i < addresses.Length; i++)
        {
            // An address that does not answer must leave time for those after it.
            var share = (budget - time.GetElapsedTime(began)) / (addresses.Length - i);
            using var limit = new CancellationTokenSource(share > TimeSpan.Zero ? share : TimeSpan.Zero, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
            var socket = new Socket(addresses[i].AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            try
            {
                await socket.ConnectAsync(addresses[i], endpoint.Port, either.Token);
                return socket;
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && i + 1 < addresses.Length && !cancellationToken.IsCancellationRequested)
            {
                // The next address may do.
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }

        throw new SocketException((int)SocketError.HostNotFound);
    }
}
