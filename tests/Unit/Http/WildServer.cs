using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;
using OpsAgent.Tests.Support.Servers;

namespace OpsAgent.Tests.Unit.Http;

/// <summary>A server over TLS on loopback that answers every call in one bad way.</summary>
internal sealed class WildServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _strayed;

    private WildServer(WebApplication app) => _app = app;

    /// <summary>Its base, under a name that its certificate has.</summary>
    public Uri Url => new($"https://localhost:{Port}");

    /// <summary>The same server under a name that its certificate lacks.</summary>
    public Uri OtherName => new($"https://127.0.0.2:{Port}");

    public int Port => new Uri(_app.Urls.First()).Port;

    /// <summary>Calls that came where a redirect leads.</summary>
    public int Strayed => Volatile.Read(ref _strayed);

    public static async Task<WildServer> StartAsync(GridCredentials credentials, Func<WildServer, HttpContext, Task> answer)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Any, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(credentials.HostCertificate());
        }));
        var server = new WildServer(builder.Build());
        server._app.Run(context => server.AnswerAsync(context, answer));
        await server._app.StartAsync();
        return server;
    }

    /// <summary>Sends the caller elsewhere on this server.</summary>
    public static Task RedirectAsync(WildServer server, HttpContext context)
    {
        context.Response.Redirect($"{server.Url}stray");
        return Task.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource(TimeSpan.Zero, TimeProvider.System);
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    /// <summary>The versions of TLS that a client offers whom nobody answers, as it says them itself.</summary>
    public static async Task<IReadOnlyList<int>> OfferedVersionsAsync(Func<Uri, Task> call)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var calling = call(new Uri($"https://localhost:{((IPEndPoint)listener.LocalEndpoint).Port}"));
        byte[] hello;
        using (var socket = await listener.AcceptSocketAsync())
        {
            await using var stream = new NetworkStream(socket);
            var header = new byte[5];
            await stream.ReadExactlyAsync(header);
            hello = new byte[(header[3] << 8) | header[4]];
            await stream.ReadExactlyAsync(hello);
        }

        listener.Stop(); // a try more is refused
        await calling;
        return ClientHello.Versions(hello);
    }

    private async Task AnswerAsync(HttpContext context, Func<WildServer, HttpContext, Task> answer)
    {
        if (context.Request.Path == "/stray")
        {
            Interlocked.Increment(ref _strayed);
            return;
        }

        try
        {
            await answer(this, context);
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            // The caller has gone, as it should.
        }
    }
}
