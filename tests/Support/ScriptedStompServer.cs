using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Threading.Channels;

namespace OpsAgent.Tests.Support;

/// <summary>
/// A STOMP server that does what a test says, frame by frame: grants, refuses, sends raw bytes, falls silent, drops. It reads frames by
/// itself, so that a mistake of the client's codec is not made here too.
/// </summary>
public sealed class ScriptedStompServer : IAsyncDisposable
{
    private readonly X509Certificate2? _certificate;
    private readonly Channel<ScriptedStompConnection> _accepted = Channel.CreateUnbounded<ScriptedStompConnection>();
    private readonly List<ScriptedStompConnection> _all = [];
    private readonly Lock _gate = new();
    private TcpListener _listener;
    private int _count;

    public ScriptedStompServer(X509Certificate2? certificate = null)
    {
        _certificate = certificate;
        _listener = new TcpListener(IPAddress.Loopback, 0);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptAllAsync(_listener);
    }

    public int Port { get; }

    /// <summary>TCP connections accepted so far.</summary>
    public int Accepted => Volatile.Read(ref _count);

    /// <summary>The next connection that came, its TLS handshake done.</summary>
    public async Task<ScriptedStompConnection> AcceptAsync() => await _accepted.Reader.ReadAsync().AsTask().WaitAsync(Eventually.Limit);

    /// <summary>The next connection, its CONNECT read and granted.</summary>
    public async Task<ScriptedStompConnection> GrantAsync(string version = "1.2", string heartBeat = "0,0")
    {
        var connection = await AcceptAsync();
        await connection.GrantAsync(version, heartBeat);
        return connection;
    }

    /// <summary>Refuses connections from now on; those that stand go on.</summary>
    public void StopListening() => _listener.Stop();

    /// <summary>Accepts again, on the same port.</summary>
    public void ListenAgain()
    {
        _listener = new TcpListener(IPAddress.Loopback, Port);
        _listener.Server.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.ReuseAddress, true);
        _listener.Start();
        _ = AcceptAllAsync(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        ScriptedStompConnection[] all;
        lock (_gate)
        {
            all = [.. _all];
        }

        foreach (var connection in all)
        {
            await connection.DisposeAsync();
        }
    }

    private async Task AcceptAllAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                var socket = await listener.AcceptSocketAsync();
                Interlocked.Increment(ref _count);
                _ = BeginAsync(socket);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
        {
            // The test stopped it.
        }
    }

    private async Task BeginAsync(Socket socket)
    {
        Stream stream = new NetworkStream(socket, ownsSocket: true);
        try
        {
            if (_certificate is not null)
            {
                var secure = new SslStream(stream);
                await secure.AuthenticateAsServerAsync(_certificate);
                stream = secure;
            }
        }
        catch (Exception e) when (e is IOException or System.Security.Authentication.AuthenticationException)
        {
            // A client that does not trust this server: what some tests are about.
            await stream.DisposeAsync();
            return;
        }

        var connection = new ScriptedStompConnection(socket, stream);
        lock (_gate)
        {
            _all.Add(connection);
        }

        _accepted.Writer.TryWrite(connection);
    }
}
