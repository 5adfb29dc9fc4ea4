using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Monitor;

/// <summary>Registers what tells the monitor of the agent.</summary>
internal static class MonitorServices
{
    /// <summary>Needs the rooms of work, bus and handlers from elsewhere.</summary>
    public static IServiceCollection AddMonitor(this IServiceCollection services, MonitorOptions options, string stateDirectory)
    {
        services.AddSingleton(options);
        services.AddSingleton(new AgentIdFile(stateDirectory));
        services.AddSingleton<LogRing>();
        if (options.SendsStreams)
        {
            services.AddSingleton<ILoggerProvider, LogStreamProvider>();
        }

        services.AddSingleton<AgentIdKeeper>();
        services.AddSingleton<Subscription>();
        services.AddSingleton<LogStream>();
        services.AddSingleton(static p => new Heartbeat(
            p.GetRequiredService<MonitorOptions>(), p.GetRequiredService<MonitorClient>(), p.GetRequiredService<AgentIdentity>(),
            Facts(p), p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<Heartbeat>>()));
        return services.AddSingleton<MonitorRoom>();
    }

    private static Func<HeartbeatFacts> Facts(IServiceProvider services)
    {
        var state = services.GetRequiredService<OperationalState>();
        var work = services.GetRequiredService<IWorkView>();
        var bus = services.GetRequiredService<IMessageBus>();
        return () => new HeartbeatFacts(state.Registered(work.Counts), bus.State.Connected);
    }
}
