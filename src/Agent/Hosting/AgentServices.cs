using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Dispatch.Signing;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Hosting.Systemd;
using OpsAgent.Agent.Launching;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Capabilities.Credentials;

namespace OpsAgent.Agent.Hosting;

/// <summary>Puts the rooms together.</summary>
internal static class AgentServices
{
    public static IServiceCollection AddAgent(this IServiceCollection services, Startup startup)
    {
        var options = startup.Options ?? throw new ArgumentException("the configuration has errors", nameof(startup));
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton(startup);
        services.AddSingleton(options);
        services.AddSingleton(SecretValues.Redactor(startup));
        services.AddSingleton(static p => new AgentIdentity(
            p.GetRequiredService<AgentOptions>().AgentName,
            p.GetRequiredService<AgentOptions>().Namespace,
            Environment.ProcessId,
            AgentVersion.Text,
            p.GetRequiredService<TimeProvider>().GetUtcNow(),
            p.GetRequiredService<TimeProvider>().GetTimestamp()));
        services.AddBus(options).AddHandlers(startup, options).AddDispatch(options)
            .AddMonitor(options.Monitor, options.StateDir).AddWork(options, startup).AddLaunching(options, startup);
        services.AddSingleton(new ControlDoorOptions { StateDirectory = options.StateDir, Group = options.ControlGroup });
        services.AddSingleton<IAgentStatus, AgentStatus>();
        services.AddSingleton<IDoorPart, DoorCapabilities>();
        services.AddSingleton<IDoorPart, DoorLogs>();
        services.AddSingleton<IDoorPart, DoorReload>();
        services.AddSingleton<ControlDoor>();
        services.AddSingleton<WorkStart>();
        services.AddSingleton(static p => new ServiceNotice(p.GetRequiredService<Startup>().Environment, Environment.ProcessId));
        services.AddSingleton<ServiceStatus>();
        services.AddSingleton<ServiceWatch>();
        services.AddSingleton<StopSignals>();
        services.AddSingleton<AgentService>();
        services.AddSingleton<LastErrorLog>();
        services.AddSingleton<ILoggerProvider>(static p => p.GetRequiredService<LastErrorLog>());
        services.AddSingleton(static p => CredentialJudge.OfThisUser(p.GetRequiredService<Startup>().Environment, p.GetRequiredService<TimeProvider>()));
        services.AddSingleton<ICredentialGate, CredentialGate>();
        services.AddSingleton<CredentialWatch>();
        services.AddHostedService(static p => p.GetRequiredService<CredentialWatch>());
        services.AddHostedService(static p => p.GetRequiredService<SigningKeys>());
        services.AddHostedService<ReloadSignal>();
        services.AddHostedService(static p => p.GetRequiredService<AgentService>());
        return services;
    }

    private static IServiceCollection AddBus(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(options.Bus);
        services.AddSingleton(static p => new QueueHolding(
            p.GetRequiredService<AgentIdentity>().Name, Environment.ProcessId, p.GetRequiredService<BusOptions>(),
            p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<QueueHolding>>()));
        services.AddSingleton<IQueueHolding>(static p => p.GetRequiredService<QueueHolding>());
        services.AddSingleton<StompBus>();
        services.AddSingleton<IMessageBus>(static p => p.GetRequiredService<StompBus>());
        return services.AddSingleton<IDeliverySource>(static p => p.GetRequiredService<StompBus>());
    }

    private static IServiceCollection AddHandlers(this IServiceCollection services, Startup startup, AgentOptions options)
    {
        services.AddSingleton<OperationalState>();
        services.AddSingleton<DeliberateStop>();
        services.AddSingleton(new ReplyDestinations([options.Bus.Queue, options.EventTopic, options.SettledTopic]));
        services.AddSingleton(p => new FailureMarkers(options.TmpDir, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<FailureMarkers>>()));
        services.AddSingleton<IHandler, HealthPing>();
        services.AddSingleton<IHandler, Shutdown>();
        services.AddSingleton<CapabilityHandlers>();
        services.AddSingleton(new ManifestInForce(startup.Manifest!));
        services.AddSingleton<ISenderRules, SenderRules>();
        services.AddSingleton(p => new SigningKeys(options.KeysDir, p.GetRequiredService<TimeProvider>(), p.GetRequiredService<ILogger<SigningKeys>>()));
        services.AddSingleton<ISigningKeys>(static p => p.GetRequiredService<SigningKeys>());
        services.AddSingleton<ManifestReload>();
        services.AddSingleton<IReload>(static p => p.GetRequiredService<ManifestReload>());

        // Handlers need the view of work, and work needs the handlers: the look-up is made when it is first asked.
        services.AddSingleton(static p =>
            p.GetRequiredService<CapabilityHandlers>().RegistryOf(p.GetRequiredService<ManifestInForce>().Manifest));
        services.AddSingleton(static p => new LateHandlers(p));
        return services.AddSingleton<IHandlerSource>(static p => p.GetRequiredService<LateHandlers>());
    }

    private static IServiceCollection AddDispatch(this IServiceCollection services, AgentOptions options)
    {
        services.AddSingleton(new HoldingLimits());
        services.AddSingleton(new Envelope(options.Namespace));
        services.AddSingleton(new SenderGateOptions(options.Bus.Queue, options.SigningWindow));
        services.AddSingleton<SenderGate>();
        services.AddSingleton<SignedControl>();
        services.AddSingleton<OverfullNotice>();
        services.AddSingleton<HoldingWindow>();
        services.AddSingleton<RefusalLine>();
        services.AddSingleton<ReplySender>();
        return services.AddSingleton<Dispatcher>();
    }

    private static IServiceCollection AddWork(this IServiceCollection services, AgentOptions options, Startup startup)
    {
        services.Configure<WorkOptions>(o =>
        {
            o.StateDirectory = options.StateDir;
            o.LookUpEvery = options.LookUpEvery;
            o.LookUpFor = options.LookUpFor;
            o.MaxLedgerBytes = options.LedgerBytes;
            o.SigningWindow = options.SigningWindow;
            o.Lanes = new Dictionary<string, int>(LaneSlots.Of(startup.Manifest!, options.MaxWorkers), StringComparer.Ordinal);
        });
        services.Configure<EventsOptions>(o =>
        {
            o.EventTopic = options.EventTopic;
            o.SettledTopic = options.SettledTopic;
            o.Sender = options.AgentName;
            o.Namespace = options.Namespace;
        });
        services.AddSingleton<IReattachment, Reattachment>();
        return services.AddWork();
    }

    private static IServiceCollection AddLaunching(this IServiceCollection services, AgentOptions options, Startup startup)
    {
        services.Configure<LaunchingOptions>(o =>
        {
            o.DoersFolder = options.DoersDir;
            o.WorkRoot = options.WorkRoot;
            o.RunLogFolder = Path.Combine(options.StateDir, RunLogFolder.Name);
            o.RunLogsMaxBytes = options.RunLogBytes;
            o.Nice = options.DoerNice;
            o.StateId = StateIds.Of(options.StateDir);
            o.Environment = startup.Environment;
            o.Secrets = Secrets(options, startup);
            o.Redactor = SecretValues.Redactor(startup);
        });
        return services.AddLaunching();
    }

    private static IReadOnlyList<string> Secrets(AgentOptions options, Startup startup) =>
    [
        options.StateDir,
        .. new[] { startup.Line.EnvironmentFile, startup.Line.ConfigPath, startup.Settings[AgentSettings.KeyFile], options.KeysDir }
            .Where(static p => p is { Length: > 0 }).Select(static p => Path.GetFullPath(p!)),
    ];
}
