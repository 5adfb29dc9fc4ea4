using System.Net.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work.Ledger;
using OpsAgent.Stomp.Broker;

namespace OpsAgent.Agent.Hosting;

/// <summary>The Generic Host around the rooms.</summary>
internal static class AgentHost
{
    /// <summary>Runs the agent to its end. A broker of its own is there before it and goes after it.</summary>
    public static async Task<int> RunAsync(Startup startup, TextWriter errors, Action<IServiceCollection>? register)
    {
        using var logs = AgentLogging.Provider(AgentLogging.Create(startup.Settings, SecretValues.Redactor(startup)));
        startup = await AgentNaming.NameAsync(startup, logs);
        if (startup.Options!.OwnBroker is not { } own)
        {
            return await RunAsync(startup, logs, errors, register);
        }

        StompBroker broker;
        try
        {
            broker = await StompBroker.StartAsync(own, logs.CreateLogger(typeof(StompBroker).FullName!));
        }
        catch (SocketException e)
        {
            await errors.WriteLineAsync(
                $"opsagent: its own broker can't listen on 127.0.0.1:{own.Port}: {e.Message}; "
                + $"set ACTIVEMQ_PORT to another port, or to 0 for a free one, or end what uses it (ss -ltnp 'sport = :{own.Port}' names it)");
            return ExitCodes.Failed;
        }

        await using (broker)
        {
            return await RunAsync(startup with { Options = startup.Options.ConnectedTo(broker.Endpoint) }, logs, errors, register);
        }
    }

    /// <summary>Builds the host without starting anything.</summary>
    /// <exception cref="InvalidOperationException">Two handlers take one type.</exception>
    public static IHost Build(Startup startup, ILoggerProvider logs, Action<IServiceCollection>? register)
    {
        // No defaults: no appsettings.json, no file watchers, no console formatter of the framework's.
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            DisableDefaults = true,
            ApplicationName = "opsagent",
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.Services.Configure<HostOptions>(o =>
        {
            // The drain has its own limit, and work that must finish goes past it.
            o.ShutdownTimeout = Timeout.InfiniteTimeSpan;
            o.BackgroundServiceExceptionBehavior = BackgroundServiceExceptionBehavior.StopHost;
        });
        builder.Logging.AddProvider(logs);
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddAgent(startup);
        register?.Invoke(builder.Services);
        var host = builder.Build();
        _ = host.Services.GetRequiredService<Dispatch.HandlerRegistry>();
        return host;
    }

    private static async Task<int> RunAsync(
        Startup startup, ILoggerProvider logs, TextWriter errors, Action<IServiceCollection>? register)
    {
        IHost host;
        try
        {
            host = Build(startup, logs, register);
        }
        catch (InvalidOperationException e)
        {
            await errors.WriteLineAsync($"opsagent: {e.Message}");
            return ExitCodes.Configuration;
        }

        using (host)
        {
            // Running ends with the container disposed, so it is asked for before.
            host.Services.GetRequiredService<StopSignals>().Listen();
            var stop = host.Services.GetRequiredService<DeliberateStop>();
            var stopping = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;
            try
            {
                var service = host.Services.GetRequiredService<AgentService>();
                await host.RunAsync();
                if (service.Failure is { } failure)
                {
                    throw failure;
                }

                return stop.Requested ? ExitCodes.DeliberateStop : ExitCodes.Stopped;
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                // Told to stop while it was still starting: nothing was taken in yet, and what was found waits in the ledger.
                return ExitCodes.Stopped;
            }
            catch (Exception e) when (e is LedgerTooNewException or LedgerBrokenException)
            {
                await errors.WriteLineAsync($"opsagent: {e.Message}");
                return ExitCodes.Configuration;
            }
            catch (ControlDoorTakenException e)
            {
                await errors.WriteLineAsync($"opsagent: {e.Message}");
                return ExitCodes.StateHeld;
            }
            catch (Exception e)
            {
                // The last resort: whatever it was, systemd is to start the agent again, and the reason must be seen.
                await errors.WriteLineAsync($"opsagent: {e}");
                return ExitCodes.Failed;
            }
        }
    }
}
