using Microsoft.Extensions.Logging;
using Polly;

namespace OpsAgent.Agent.Monitor;

/// <summary>
/// Sends action records in their order, one at a time, each until the monitor has taken it or refused it for good. At least once:
/// a record whose answer was lost is sent again.
/// </summary>
internal sealed partial class RecordPump : IAsyncDisposable
{
    /// <summary>Tries after which a record that the monitor fails at may itself be the fault.</summary>
    public const int TriesBeforeDoubt = 6;

    private const int PageSize = 64;
    private static readonly TimeSpan StoreRetry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan DeleteWait = TimeSpan.FromSeconds(2);

    private readonly IRestStore _store;
    private readonly MonitorClient _client;
    private readonly MonitorOptions _options;
    private readonly RecordGauge _gauge;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ResiliencePipeline<MonitorReply> _untilAnswered;
    private readonly Lock _gate = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abandon = new();
    private Task _try = Task.CompletedTask;
    private Task _loop = Task.CompletedTask;
    private bool _failing;

    public RecordPump(
        IRestStore store, MonitorClient client, MonitorOptions options, RecordGauge gauge, TimeProvider time, ILogger<RecordPump> logger)
    {
        _store = store;
        _client = client;
        _options = options;
        _gauge = gauge;
        _time = time;
        _logger = logger;
        _untilAnswered = MonitorRetry.Build(
            time, static (reply, tries) => !reply.IsServerError || tries < TriesBeforeDoubt, (reply, _) => Note(reply));
    }

    /// <summary>Why the last try failed; empty if it did not.</summary>
    public string LastError { get; private set; } = "";

    /// <summary>Sends from now on. The store must be open.</summary>
    public void Start()
    {
        if (_options.SendsStreams)
        {
            _loop = Task.Run(() => RunAsync(_stop.Token));
        }
    }

    /// <summary>Completes as soon as all records are sent; at once when none are to be sent.</summary>
    public Task WhenEmptyAsync() => _options.SendsStreams ? _gauge.Outbox.WhenEmptyAsync() : Task.CompletedTask;

    /// <summary>
    /// Begins no further try. The one under way goes on to its answer or its own limit, and what was taken is still forgotten, so that
    /// a slow monitor is not sent it again by the next start.
    /// </summary>
    /// <param name="patience">How long the try under way is waited for at most; then it is given up.</param>
    /// <param name="cancellationToken">Gives it up at once.</param>
    public async Task StopAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        Task last;
        await _stop.CancelAsync();
        lock (_gate)
        {
            last = _try;
        }

        await last.WaitAsync(patience, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _abandon.CancelAsync();
        try
        {
            await _loop.WaitAsync(DeleteWait, _time, CancellationToken.None);
        }
        catch (TimeoutException)
        {
            // The ledger can't commit; what was taken goes out once more at the next start.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.Zero, CancellationToken.None);
        _stop.Dispose();
        _abandon.Dispose();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                var page = _store.ReadCalls(PageSize);
                await SendPageAsync(page, cancellationToken);
                if (page.Count == 0)
                {
                    await _gauge.Outbox.WaitAsync(cancellationToken);
                }
            }
            catch (OperationCanceledException)
            {
                // The agent ends, or the ledger has closed: what is left is sent by the next start.
                return;
            }
            catch (Exception e)
            {
                // Reading the ledger failed: records stay where they are, and sending must go on once it works again.
                LogStoreFailed(e);
                await Task.Delay(StoreRetry, _time, cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task SendPageAsync(IReadOnlyList<RestRow> page, CancellationToken cancellationToken)
    {
        for (var i = 0; i < page.Count; i++)
        {
            if (page[i].Deadline <= _time.GetUtcNow().ToUnixTimeMilliseconds())
            {
                _gauge.Outbox.CountExpired();
                await _store.DeleteCallAsync(page[i].Id);
                continue;
            }

            var reply = await _untilAnswered.ExecuteAsync(async _ => await TryAsync(page[i]), cancellationToken);
            if (await ConcludeAsync(page[i], reply))
            {
                continue;
            }

            // The monitor fails at it again and again. If it takes the one behind, this one is at fault and holds up all others.
            var probe = i + 1 < page.Count ? page[i + 1] : null;
            if (probe is null || !await ConcludeAsync(probe, await TryAsync(probe)))
            {
                await Task.Delay(MonitorRetry.LongestPause, _time, cancellationToken);
                return;
            }

            reply = await TryAsync(page[i]);
            await GiveUpAsync(page[i], reply);
            return;
        }
    }

    /// <exception cref="OperationCanceledException">No further try is to begin, or this one was given up.</exception>
    private Task<MonitorReply> TryAsync(RestRow row)
    {
        lock (_gate)
        {
            // Within the lock: a stop sees each try that has begun.
            _stop.Token.ThrowIfCancellationRequested();
            var reply = _client.StreamAsync(row.Method, row.Url, row.Body, _options.ActionTimeout, _abandon.Token);
            _try = reply;
            return reply;
        }
    }

    /// <summary>True if the record is done with: taken, or refused for good.</summary>
    private async Task<bool> ConcludeAsync(RestRow row, MonitorReply reply)
    {
        if (reply.MayPass)
        {
            Note(reply);
            return false;
        }

        if (reply.IsDone)
        {
            _gauge.Outbox.CountPublished();
        }
        else
        {
            LogRefused(row.RequestId ?? "-", reply.Problem(_options.Streams));
            _gauge.Outbox.CountRefused();
        }

        if (_failing)
        {
            LogTakenAgain();
        }

        _failing = false;
        LastError = "";
        await _store.DeleteCallAsync(row.Id);
        return true;
    }

    private async Task GiveUpAsync(RestRow row, MonitorReply reply)
    {
        if (reply.IsServerError)
        {
            LogAtFault(row.RequestId ?? "-", reply.Problem(_options.Streams));
            _gauge.Outbox.CountRefused();
            await _store.DeleteCallAsync(row.Id);
        }
        else
        {
            await ConcludeAsync(row, reply);
        }
    }

    /// <summary>Once for an outage, however long it lasts.</summary>
    private void Note(MonitorReply reply)
    {
        LastError = reply.Problem(_options.Streams);
        if (!_failing)
        {
            _failing = true;
            LogFailing(LastError);
        }
    }
}
