using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Doubt;
using OpsAgent.Agent.Work.Holds;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Registers work and its outbox.</summary>
internal static class WorkServices
{
    /// <summary>
    /// Needs an IMessageBus, an IHandlerSource, the IWorkRunners, and options for work and events from elsewhere; an
    /// IReattachment and MonitorOptions if there are.
    /// </summary>
    public static IServiceCollection AddWork(this IServiceCollection services)
    {
        services.AddOptions<WorkOptions>().ValidateDataAnnotations();
        services.AddOptions<EventsOptions>().ValidateDataAnnotations();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<IReattachment, NoReattachment>();
        services.TryAddSingleton<IQueueHolding, SoleHolding>();
        services.TryAddSingleton(MonitorOptions.Off);
        services.AddSingleton<MonitorClient>();
        services.AddSingleton<RecordGauge>();
        services.AddSingleton<RecordComposer>();
        services.AddSingleton<RecordPump>();
        services.AddSingleton<EventComposer>();
        services.AddSingleton<OutboxGauge>();
        services.AddSingleton<OutboxAges>();
        services.AddSingleton<WorkAges>();
        services.AddSingleton<WorkLedger>();
        services.AddSingleton<ILedgerState>(static p => p.GetRequiredService<WorkLedger>());
        services.AddSingleton<IOutboxStore>(static p => p.GetRequiredService<WorkLedger>());
        services.AddSingleton<IRestStore>(static p => p.GetRequiredService<WorkLedger>());
        services.AddSingleton<OutboxPump>();
        services.TryAddSingleton<ICredentialGate, OpenGate>();
        services.AddSingleton<PauseTable>();
        services.AddSingleton<HoldTable>();
        services.AddSingleton<HoldTeller>();
        services.AddSingleton<HoldKeeper>();
        services.AddSingleton<StartConditions>();
        services.AddSingleton<LaneBoard>();
        services.AddSingleton<Pauses>();
        services.AddSingleton<IPauses>(static p => p.GetRequiredService<Pauses>());
        services.AddSingleton<RunningTable>();
        services.AddSingleton<DrainPace>();
        services.AddSingleton(static p => new HandlerCall(
            p.GetRequiredService<IHandlerSource>, p.GetRequiredService<ILogger<HandlerCall>>()));
        services.AddSingleton<Settler>();
        services.AddSingleton<CommitWait>();
        services.AddSingleton<LookUps>();
        services.AddSingleton<DoubtSignal>();
        services.AddSingleton<DoubtKeeper>();
        services.AddSingleton<Executor>();
        services.AddSingleton<Recovery>();
        services.AddSingleton<WorkRoom>();
        services.TryAddSingleton<ISenderIdentity, ClaimedSender>();
        services.AddSingleton<IIntake, WorkIntake>();
        services.AddSingleton<IWorkView, WorkView>();
        services.AddSingleton<IWorkDecisions, WorkDecisions>();
        return services;
    }
}
