using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Unit.Http;

/// <summary>
/// A server over TLS on loopback whose every answer goes on for ever. On bare sockets, so that what is counted went to somebody: a
/// web server takes what is written for a caller who has gone, and drops it.
/// </summary>
internal sealed class EndlessServer : IAsyncDisposable
{
    private static readonly byte[] Head = Encoding.ASCII.GetBytes(
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nX-Rucio-Auth-Token: token\r\nConnection: close\r\n\r\n");

    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly SslServerAuthenticationOptions _tls;
    private readonly Task _accepting;
    private long _sent;

    public EndlessServer(GridCredentials credentials)
    {
        _tls = new SslServerAuthenticationOptions { ServerCertificate = credentials.HostCertificate() };
        _listener.Start();
        _accepting = AcceptAsync();
    }

    /// <summary>Its base, under a name that its certificate has.</summary>
    public Uri Url => new($"https://localhost:{((IPEndPoint)_listener.LocalEndpoint).Port}");

    /// <summary>Bytes of bodies that callers' sockets took.</summary>
    public long Sent => Interlocked.Read(ref _sent);

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
        _tls.ServerCertificate!.Dispose();
    }

    private async Task AcceptAsync()
    {
        while (true)
        {
            try
            {
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException or InvalidOperationException)
            {
                return; // it was stopped
            }
        }
    }

    private async Task AnswerAsync(TcpClient caller)
    {
        using (caller)
        {
            try
            {
                await using var stream = new SslStream(caller.GetStream());
                await stream.AuthenticateAsServerAsync(_tls);
                await stream.ReadAtLeastAsync(new byte[1024], 1, throwOnEndOfStream: false);
                await stream.WriteAsync(Head);
                var block = new byte[64 << 10];
                Array.Fill(block, (byte)'[');
                while (true)
                {
                    await stream.WriteAsync(block);
                    Interlocked.Add(ref _sent, block.Length);
                }
            }
            catch (IOException)
            {
                // The caller has gone, as it should.
            }
        }
    }
}
