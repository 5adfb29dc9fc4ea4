using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Hosting;

/// <summary>The Generic Host around the rooms.</summary>
internal static class AgentHost
{
    public static async Task<int> RunAsync(Startup startup, TextWriter errors, Action<IServiceCollection>? register)
    {
        IHost host;
        try
        {
            host = Build(startup, register);
        }
        catch (InvalidOperationException e)
        {
            await errors.WriteLineAsync($"opsagent: {e.Message}");
            return ExitCodes.Configuration;
        }

        using (host)
        {
            // Running ends with the container disposed, so it is asked for before.
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
            catch (LedgerTooNewException e)
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

    /// <summary>Builds the host without starting anything.</summary>
    /// <exception cref="InvalidOperationException">Two handlers take one type.</exception>
    public static IHost Build(Startup startup, Action<IServiceCollection>? register)
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
        builder.Logging.AddProvider(AgentLogging.Provider(AgentLogging.Create(startup.Settings)));
        builder.Logging.SetMinimumLevel(LogLevel.Trace);
        builder.Services.AddAgent(startup);
        register?.Invoke(builder.Services);
        var host = builder.Build();
        _ = host.Services.GetRequiredService<Dispatch.HandlerRegistry>();
        return host;
    }
}
