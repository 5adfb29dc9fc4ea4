using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Control;

/// <summary>
/// The local door: HTTP over a unix socket in the state folder. It shows, and takes the changes of operators; nothing waits for it, and an agent
/// whose door can't be opened runs on without one.
/// </summary>
internal sealed partial class ControlDoor(
    ControlDoorOptions options,
    IAgentStatus agent,
    IWorkView work,
    IWorkDecisions decisions,
    IMessageBus bus,
    IEnumerable<IDoorPart> parts,
    TimeProvider time,
    ILogger<ControlDoor> logger) : IHostedService, IAsyncDisposable
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxHeaderBytes = 8 * 1024;
    private WebApplication? _app;

    /// <summary>Opens the door.</summary>
    /// <exception cref="ControlDoorTakenException">A living agent has this state folder.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _app = Build();
        try
        {
            await _app.StartAsync(cancellationToken);
            LogOpen(logger, options.SocketPath);
        }
        catch (Exception e) when (e is not ControlDoorTakenException and not OperationCanceledException)
        {
            // Work is more than the view of it.
            LogClosed(logger, e, options.SocketPath);
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_app is { } app)
        {
            await app.StopAsync(cancellationToken);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>The empty builder: no configuration files, so no watcher, no logging of its own, no signal handlers.</summary>
    private WebApplication Build()
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions { ContentRootPath = options.StateDirectory });
        builder.Services.AddSingleton<IHostLifetime, NoLifetime>();
        builder.Services.AddRoutingCore();
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(Configure);
        builder.WebHost.UseSockets(sockets =>
        {
            sockets.CreateBoundListenSocket = _ => ControlSocket.Bind(options.SocketPath, options.Group);
            sockets.Backlog = options.MaxConnections;
        });
        var app = builder.Build();
        var guard = new DoorGuard(options, time, logger);
        foreach (var part in parts)
        {
            part.Map(app, guard);
        }

        new DoorRoutes(agent, work, bus, guard, new DoorWork(agent, work, bus, time), new DoorDecisions(work, decisions, logger), time).Map(app);
        return app;
    }

    private void Configure(KestrelServerOptions kestrel)
    {
        kestrel.AddServerHeader = false;
        kestrel.ListenUnixSocket(options.SocketPath, listen => listen.Protocols = HttpProtocols.Http1);
        var limits = kestrel.Limits;
        limits.MaxConcurrentConnections = options.MaxConnections;
        limits.MaxConcurrentUpgradedConnections = 0;
        limits.MaxRequestBodySize = MaxBodyBytes;
        limits.MaxRequestHeadersTotalSize = MaxHeaderBytes;
        limits.MaxRequestLineSize = MaxHeaderBytes;
        limits.MaxRequestHeaderCount = 32;
        limits.RequestHeadersTimeout = options.HeadersTimeout;
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(30);
    }

    /// <summary>The agent's own host handles signals; a second handler would stop the door before its drain.</summary>
    private sealed class NoLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
