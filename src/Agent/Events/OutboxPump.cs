using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Agent.Boundaries;
using OpsAgent.Agent.Bus;
using OpsAgent.Agent.Launching;

namespace OpsAgent.Agent.Events;

/// <summary>
/// Publishes the outbox in the order of its ids, many in flight at once, and forgets what the broker has confirmed. What a
/// lost connection leaves unconfirmed is sent again, from the oldest on.
/// </summary>
internal sealed partial class OutboxPump(
    IOutboxStore store,
    IMessageBus bus,
    OutboxGauge gauge,
    OutboxAges ages,
    IOptions<EventsOptions> options,
    TimeProvider time,
    ILogger<OutboxPump> logger) : IAsyncDisposable
{
    private const int PageSize = 256;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan DeleteWait = TimeSpan.FromSeconds(5);

    private readonly CancellationTokenSource _stop = new();
#pragma warning disable CA2213 // sends that are still in flight give their slots back after the end
    private readonly SemaphoreSlim _slots = new(options.Value.MaxInFlight);
#pragma warning restore CA2213
    private readonly Forgetting _forgetting = new(store, logger);
    private readonly RefusedDestinations _refused = new(time);
    private Task _loop = Task.CompletedTask;
    private TimeSpan _pause = TimeSpan.Zero;
    private long _cursor;
    private volatile bool _lost;

    /// <summary>Rows not yet confirmed.</summary>
    public long Depth => gauge.Depth;

    public void Start() => _loop = Task.Run(() => RunAsync(_stop.Token));

    /// <summary>Completes as soon as everything is confirmed.</summary>
    public Task WhenEmptyAsync() => gauge.WhenEmptyAsync();

    /// <summary>Sends nothing more; what is confirmed already is still forgotten, so that it is not sent again.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        try
        {
            await _forgetting.IdleAsync().WaitAsync(DeleteWait, time);
        }
        catch (TimeoutException)
        {
            // The ledger can't commit; what was confirmed goes out once more at the next start.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await bus.WaitConnectedAsync(cancellationToken);
                if (_lost)
                {
                    await StartOverAsync(cancellationToken);
                }
                else if (!await PublishPageAsync(cancellationToken))
                {
                    await gauge.WaitAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // Reading the ledger failed: events stay where they are, and publishing must go on once it works again.
                LogPublishFailed(e);
                _lost = true;
            }
        }
    }

    /// <summary>False if there is nothing more to send.</summary>
    private async Task<bool> PublishPageAsync(CancellationToken cancellationToken)
    {
        _forgetting.BeforeRead();
        var page = store.Read(_cursor, PageSize);
        foreach (var row in page)
        {
            if (_forgetting.Holds(row.Id))
            {
                _cursor = row.Id;
                continue;
            }

            if (Life(row) <= TimeSpan.Zero)
            {
                _cursor = row.Id;
                gauge.CountExpired();
                _forgetting.Add(row.Id);
                continue;
            }

            if (_refused.Has(row.Destination))
            {
                _cursor = row.Id;
                LeaveOrDrop(row);
                continue;
            }

            await _slots.WaitAsync(cancellationToken);
            if (_lost)
            {
                _slots.Release();
                return true;
            }

            _cursor = row.Id;
            _ = SendAsync(row, cancellationToken);
        }

        return page.Count > 0;
    }

    private async Task SendAsync(OutboxRow row, CancellationToken cancellationToken)
    {
        try
        {
            var expiresAt = row.Persistent ? (DateTimeOffset?)null : time.GetUtcNow() + Life(row);
            await bus.SendConfirmedAsync(new OutgoingMessage(row.Destination, row.Body, row.Persistent, expiresAt), cancellationToken);
            FailPoints.Pass(Boundary.Published);
            _pause = TimeSpan.Zero;
            gauge.CountPublished();
            _forgetting.Add(row.Id);
        }
        catch (BusUnavailableException e) when (e.Refusal is { } refusal)
        {
            // It would end one connection after the other, and hold up all that is behind it.
            LogRefused(row.EventId, row.Destination, LogText.CleanReason(refusal));
            _refused.Add(row.Destination);
            LeaveOrDrop(row);
            _lost = true;
            gauge.Wake();
            _ = StartOverLaterAsync(cancellationToken);
        }
        catch (Exception e)
        {
            // Sent again by whatever follows: the connection's return, or the next start of the agent.
            _lost = true;
            gauge.Wake();
            if (e is not (BusUnavailableException or OperationCanceledException))
            {
                LogSendFailed(e, row.EventId, row.Destination);
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>What is refused now may be taken once its destination is in order again; a settlement is not worth the wait.</summary>
    private void LeaveOrDrop(OutboxRow row)
    {
        if (!row.Persistent)
        {
            gauge.CountRefused();
            _forgetting.Add(row.Id);
        }
    }

    private async Task StartOverLaterAsync(CancellationToken cancellationToken)
    {
        await Task.Delay(RefusedDestinations.Pause, time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _lost = true;
        gauge.Wake();
    }

    /// <summary>Waits for all that is in flight, then begins again with the oldest row. A pause keeps repeated failures calm.</summary>
    private async Task StartOverAsync(CancellationToken cancellationToken)
    {
        for (var i = 0; i < options.Value.MaxInFlight; i++)
        {
            await _slots.WaitAsync(cancellationToken);
        }

        _slots.Release(options.Value.MaxInFlight);
        _lost = false;
        _cursor = 0;
        if (_pause > TimeSpan.Zero)
        {
            await Task.Delay(_pause, time, cancellationToken);
        }

        _pause = _pause == TimeSpan.Zero ? FirstPause : _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>How long it is still of use; of what an earlier agent has made only the wall clock can tell.</summary>
    private TimeSpan Life(OutboxRow row)
    {
        var life = row.Persistent
            ? options.Value.PageEventMaxAge
            : TimeSpan.FromMilliseconds(row.ExpiresAt - row.CreatedAt ?? options.Value.SettlementMaxAge.TotalMilliseconds);
        var age = ages.Of(row.Id) ?? time.GetUtcNow() - DateTimeOffset.FromUnixTimeMilliseconds(row.CreatedAt);
        return age > TimeSpan.Zero ? life - age : life;
    }
}
