using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>The room as its host sees it: started before the queue is subscribed, drained before the connection is ended.</summary>
internal sealed partial class WorkRoom(
    WorkLedger ledger,
    LaneBoard lanes,
    Executor executor,
    Recovery recovery,
    RunningTable running,
    OutboxPump outbox,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<WorkRoom> logger) : IAsyncDisposable
{
    private bool _closed;

    /// <summary>Opens the ledger, brings it up to date, takes up what was left, and lets work run.</summary>
    /// <exception cref="LedgerTooNewException">A newer agent has written the ledger: exit code 78.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        ledger.Open();
        lanes.Build((_, _, id) => executor.RunAsync(id));
        await recovery.RunAsync(cancellationToken);
        outbox.Start();
        lanes.Open();
    }

    /// <summary>
    /// Stops taking work up; waits for what runs; at the limit ends what may run again and goes on waiting for what may not;
    /// publishes what is left of the time; closes the ledger.
    /// </summary>
    /// <param name="limit">For all of it, except work that must finish.</param>
    /// <param name="cancellationToken">Cuts it short: what must finish is left running, for the next start to find.</param>
    public async Task DrainAsync(TimeSpan limit, CancellationToken cancellationToken)
    {
        var began = time.GetTimestamp();
        var idle = lanes.StopAsync();
        if (!await EndsAsync(idle, limit, cancellationToken))
        {
            LogEnding(running.EndForDrain());
            await running.DrainedAsync();
            await EndsAsync(idle, Timeout.InfiniteTimeSpan, cancellationToken);
        }

        var rest = limit - time.GetElapsedTime(began);
        rest = rest > options.Value.ShortestFlush ? rest : options.Value.ShortestFlush;
        if (!await EndsAsync(outbox.WhenEmptyAsync(), rest, cancellationToken))
        {
            LogUnpublished(outbox.Depth);
        }

        await CloseAsync();
    }

    public async ValueTask DisposeAsync() => await CloseAsync();

    private async Task CloseAsync()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        _ = lanes.StopAsync();
        await outbox.StopAsync();
        ledger.Dispose();
    }

    /// <summary>True if it ended within the limit; false at the limit or when the wait was cut short.</summary>
    private async Task<bool> EndsAsync(Task task, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            await task.WaitAsync(limit, time, cancellationToken);
            return true;
        }
        catch (Exception e) when (e is TimeoutException or OperationCanceledException)
        {
            return task.IsCompleted;
        }
    }
}
