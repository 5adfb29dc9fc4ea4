using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Control;
using OpsAgent.Agent.Dispatch;
using OpsAgent.Agent.Handlers;
using OpsAgent.Agent.Hosting.Systemd;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Hosting;

/// <summary>
/// The order of starting and ending. The ledger is recovered before the queue is subscribed. A stop goes by stages: what
/// arrives is held for the broker, what runs is waited for, what is done is published, and only then is the connection ended;
/// pings are answered up to there.
/// </summary>
internal sealed partial class AgentService(
    Startup startup, AgentIdentity identity, AgentOptions options, WorkStart start, WorkRoom work, ControlDoor door, IDeliverySource bus,
    Dispatcher dispatcher, HoldingWindow window, MonitorRoom monitor, OperationalState state, ServiceWatch watch, TimeProvider time,
    IHostApplicationLifetime lifetime, ILogger<AgentService> logger) : IHostedService, IDisposable
{
    /// <summary>So long a start waits for the ledger before it answers pings without it.</summary>
    private static readonly TimeSpan LedgerPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan StartPatience = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private readonly Lock _gate = new();
    private Task _started = Task.CompletedTask;
    private bool _stops;

    /// <summary>What went wrong after the start; null if nothing did.</summary>
    public Exception? Failure { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        watch.Start();
        LogStarting(identity.Name, identity.Version, identity.Pid, options.StateDir);
        foreach (var entry in EffectiveEntries.Of(startup))
        {
            LogSetting(entry.Key, entry.Value, entry.Origin);
        }

        if (startup.Manifest!.RuleOf(Shutdown.Type) is null or { IsOpen: true })
        {
            LogOpenShutdown();
        }

        foreach (var file in OpenSecretFiles.Of(startup))
        {
            LogOpenFile(file);
        }

        foreach (var variable in SecretValues.PlainWords(startup))
        {
            LogPlainWord(variable);
        }

        if (FailPoints.Armed is { } armed)
        {
            LogArmed(armed);
        }

        if (options.OwnBroker is not null)
        {
            LogOwnBroker(options.Bus.Connection.Endpoints[0]);
        }

        monitor.Start();
        var ledger = start.RunAsync(_stopping.Token);
        if (await Task.WhenAny(ledger, Task.Delay(LedgerPatience, time, cancellationToken)) == ledger)
        {
            await ledger;
            lock (_gate)
            {
                if (!_stops)
                {
                    state.Started();
                }
            }
        }
        else
        {
            cancellationToken.ThrowIfCancellationRequested();
            LogWithoutLedger();
            window.StartHolding();
            _started = FinishStartAsync(ledger);
        }

        await door.StartAsync(cancellationToken);
        bus.Start(dispatcher.Dispatch, window.ConnectionLost);
        LogReady(startup.Manifest!.Capabilities.Count);
        _ = TellReadyAsync();
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            _stops = true;
            state.Draining();
            window.StartHolding();
        }

        watch.Stopping(options.DrainTimeout);
        LogDraining(options.DrainTimeout);
        await _stopping.CancelAsync();
        // Recovery may stand before a disk that takes nothing: closing the ledger is what ends it then.
        await Task.WhenAny(_started, Task.Delay(StartPatience, time, CancellationToken.None));
        await work.DrainAsync(options.DrainTimeout, cancellationToken);
        await monitor.ExitAsync();
        await bus.StopAsync(CancellationToken.None);
        await door.StopAsync(CancellationToken.None);
        LogStopped();
    }

    public void Dispose() => _stopping.Dispose();

    /// <summary>The connection loop runs; systemd hears of it once the ledger is there too.</summary>
    private async Task TellReadyAsync()
    {
        await _started;
        if (Failure is null && !_stopping.IsCancellationRequested)
        {
            watch.Ready();
        }
    }

    private async Task FinishStartAsync(Task ledger)
    {
        try
        {
            await ledger;
            lock (_gate)
            {
                // A start that ends just as it is to stop takes nothing in any more.
                if (_stops)
                {
                    return;
                }

                state.Started();
                window.StopHolding();
            }

            LogLedgerThere();
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Stopped before the ledger came back: what was held goes back to the broker.
        }
        catch (Exception e)
        {
            // No try will help, as with a ledger of a newer agent: the program ends, and says why with its exit code.
            Failure = e;
            lifetime.StopApplication();
        }
    }
}
