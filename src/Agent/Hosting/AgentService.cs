using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The order of starting and ending. The ledger is recovered before the queue is subscribed. A stop goes by stages: what
/// arrives is held for the broker, what runs is waited for, what is done is published, and only then is the connection ended;
/// pings are answered up to there.
/// </summary>
internal sealed partial class AgentService(
    Startup startup, AgentIdentity identity, AgentOptions options, WorkRoom work, ControlDoor door, IDeliverySource bus, Dispatcher dispatcher,
    HoldingWindow window, OperationalState state, ILogger<AgentService> logger) : IHostedService
{
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        LogStarting(identity.Name, identity.Version, identity.Pid, options.StateDir);
        foreach (var value in startup.Settings.Values)
        {
            LogSetting(value.Setting.Key, value.Shown, value.Origin);
        }

        await work.StartAsync(cancellationToken);
        await door.StartAsync(cancellationToken);
        bus.Start(dispatcher.Dispatch);
        state.Started();
        LogReady(startup.Manifest!.Capabilities.Count);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        state.Draining();
        window.StartDraining();
        LogDraining(options.DrainTimeout);
        await work.DrainAsync(options.DrainTimeout, cancellationToken);
        await bus.StopAsync(CancellationToken.None);
        await door.StopAsync(CancellationToken.None);
        LogStopped();
    }
}
