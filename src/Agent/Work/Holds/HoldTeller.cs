using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Events;
using OpsAgent.Agent.Monitor;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work.Holds;

/// <summary>
/// Tells of each request that waits for a credential, once a hold: event, record and mark are committed with the note that it was told.
/// It reads them page by page from the ledger, so that a long queue takes no memory.
/// </summary>
internal sealed partial class HoldTeller(
    WorkLedger ledger, HandlerCall handlers, EventComposer composer, RecordComposer records, HoldTable table, TimeProvider time,
    ILogger<HoldTeller> logger) : IDisposable
{
    private const int PageSize = 256;
    private static readonly TimeSpan AfterFailure = TimeSpan.FromSeconds(1);

    /// <summary>The last id that was looked at, by type; it goes back when one before it waits again.</summary>
    private readonly ConcurrentDictionary<MsgType, long> _after = [];
    private readonly CancellationTokenSource _stop = new();
    private volatile TaskCompletionSource _wanted = NewSignal();
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    public void Dispose() => _stop.Dispose();

    /// <summary>All that wait are to be told.</summary>
    public void Begun(MsgType msgType) => Waits(msgType, 1);

    /// <summary>One that had begun before waits again.</summary>
    public void Waits(MsgType msgType, long id)
    {
        _after.AddOrUpdate(msgType, static (_, i) => i - 1, static (_, after, i) => Math.Min(after, i - 1), id);
        Signal();
    }

    /// <summary>There may be more to tell.</summary>
    public void Signal() => _wanted.TrySetResult();

    private static TaskCompletionSource NewSignal() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            await _wanted.Task.WaitAsync(_stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            _wanted = NewSignal();
            try
            {
                foreach (var held in table.All.Where(static h => h.Cause == HoldCause.Credential))
                {
                    await TellAsync(held);
                }
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The disk, most likely. Who was not told is told when it can be.
                LogFailed(e);
                Signal();
                await Task.Delay(AfterFailure, time, _stop.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task TellAsync(HeldType held)
    {
        for (var isMore = true; isMore;)
        {
            var after = _after.GetOrAdd(held.MsgType, 0);
            var page = ledger.Reader.Untold(held, after, PageSize);
            foreach (var row in page)
            {
                _stop.Token.ThrowIfCancellationRequested();
                if (table.Find(held.MsgType)?.Since != held.Since)
                {
                    return;
                }

                await TellAsync(held, row);
            }

            // Not if one before it has begun to wait meanwhile: then from there.
            var kept = page.Count == 0 || _after.TryUpdate(held.MsgType, page[^1].Id, after);
            isMore = !kept || page.Count == PageSize;
        }
    }

    private async Task TellAsync(HeldType held, StoredWork row)
    {
        var message = row.ToMessage();
        var (request, _) = handlers.Ask(message);
        if (request is null)
        {
            // Not valid any more: its run will say so.
            return;
        }

        var now = ledger.Now;
        var told = new ToldWork(
            row.Id, held.Since.ToUnixTimeMilliseconds(), now,
            composer.ComposeHeld(row, held.Reason, Until(message, request, held), now),
            records.ComposeHeld(message, await handlers.HeldAsync(message, held.Reason, _stop.Token), held.Reason));
        await ledger.Writer.DoAsync(new ToldOperation(told), _stop.Token);
    }

    private DateTimeOffset Until(OpsMessage message, WorkRequest request, HeldType held)
    {
        var longest = held.MaxHold is { } hold ? time.GetUtcNow() + hold : DateTimeOffset.MaxValue;
        var oldest = request.MaxAge is { } age ? (message.SentAt < message.ReceivedAt ? message.SentAt.Value : message.ReceivedAt) + age : longest;
        return oldest < longest ? oldest : longest;
    }

    [LoggerMessage(3093, LogLevel.Warning, "Requests that are held could not be told of; tried again")]
    private partial void LogFailed(Exception error);
}
