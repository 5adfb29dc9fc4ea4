using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work.Doubt;

/// <summary>
/// Looks again and again for what became of the requests in doubt, until it is found out or a day has gone by; then only an operator
/// can tell. Their keys are held meanwhile.
/// </summary>
internal sealed partial class DoubtKeeper(
    WorkLedger ledger,
    HandlerCall handlers,
    LookUps lookUps,
    Settler settler,
    DoubtSignal signal,
    IOptions<WorkOptions> options,
    TimeProvider time,
    ILogger<DoubtKeeper> logger) : IDisposable
{
    private const int AtOnce = 2;

    /// <summary>When nothing is due, and after a failure: by then there may be a doubt more, or the clock may have been set.</summary>
    private static readonly TimeSpan LongestRest = TimeSpan.FromMinutes(1);

    private readonly CancellationTokenSource _stop = new();

    /// <summary>When each was last looked at by this process, by a clock that nobody sets.</summary>
    private readonly ConcurrentDictionary<long, long> _looked = [];
    private Task _loop = Task.CompletedTask;

    public void Start() => _loop = Task.Run(RunAsync);

    /// <summary>Ends the look-ups that run, which changes nothing; the next start goes on with them.</summary>
    public async Task StopAsync()
    {
        await _stop.CancelAsync();
        await _loop;
    }

    public void Dispose() => _stop.Dispose();

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            var another = signal.Next;
            var rest = await TryLookAsync();
            var wait = rest is { } span ? Task.Delay(span, time, _stop.Token) : another.WaitAsync(_stop.Token);
            await wait.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Looks at what is due. Returns how long to rest; null: until there is a doubt.</summary>
    private async Task<TimeSpan?> TryLookAsync()
    {
        try
        {
            var doubts = ledger.Reader.Doubts();
            Forget(doubts);
            var due = doubts.Where(d => Until(d) <= TimeSpan.Zero).Select(static d => d.Id).ToList();
            await Parallel.ForEachAsync(
                due,
                new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = _stop.Token },
                async (id, token) => await TryLookAsync(id, token));
            var next = doubts.Where(d => !due.Contains(d.Id)).Select(Until).DefaultIfEmpty(TimeSpan.MaxValue).Min();
            return doubts.Count == 0 ? null : due.Count > 0 ? TimeSpan.Zero : Rest(next);
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            return TimeSpan.Zero;
        }
        catch (Exception e)
        {
            // The disk, most likely: what is in doubt stays so, and is looked at again.
            LogFailed(e);
            return LongestRest;
        }
    }

    /// <summary>One that can't be looked at must not keep the others from it.</summary>
    private async Task TryLookAsync(long id, CancellationToken cancellationToken)
    {
        _looked[id] = time.GetTimestamp();
        try
        {
            await LookAsync(id, cancellationToken);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            LogFailed(e);
            await ledger.Writer.DoAsync(new LookedOperation(id, $"the look at it failed: {e.Message}", ledger.Now), cancellationToken);
        }
    }

    private TimeSpan Rest(TimeSpan next)
    {
        var longest = options.Value.LookUpEvery < LongestRest ? options.Value.LookUpEvery : LongestRest;
        return next < TimeSpan.Zero ? TimeSpan.Zero : next < longest ? next : longest;
    }

    /// <summary>How long until it is to be looked at; at the end of time once its own is over.</summary>
    private TimeSpan Until(StoredDoubt doubt)
    {
        var (now, every) = (ledger.Now, options.Value.LookUpEvery);
        var last = doubt.LookedAt ?? doubt.Since;

        // A moment that is still to come was noted by a clock that was ahead for a while: it says nothing, and must end no look-ups.
        var due = last <= now ? last + Milliseconds(every) : now;
        return due > doubt.Since + Milliseconds(options.Value.LookUpFor) ? TimeSpan.MaxValue
            : _looked.TryGetValue(doubt.Id, out var at) ? every - time.GetElapsedTime(at)
            : TimeSpan.FromMilliseconds(due - now);
    }

    private void Forget(IReadOnlyList<StoredDoubt> doubts)
    {
        if (!_looked.IsEmpty)
        {
            var ids = doubts.Select(static d => d.Id).ToHashSet();
            foreach (var gone in _looked.Keys.Where(id => !ids.Contains(id)))
            {
                _looked.TryRemove(gone, out _);
            }
        }
    }

    private static long Milliseconds(TimeSpan span) => (long)span.TotalMilliseconds;

    private async Task LookAsync(long id, CancellationToken cancellationToken)
    {
        var row = ledger.Reader.Load(id);
        if (row?.State != WorkState.Doubt)
        {
            return;
        }

        var message = row.ToMessage();
        var (request, reason) = handlers.Ask(message);
        var finding = request is null ? new LookUpFinding(null, $"no longer valid: {reason}")
            : request.LookUps.Count == 0 ? new LookUpFinding(null, "its capability has no look_up")
            : await lookUps.AskAsync(row, request, cancellationToken);
        cancellationToken.ThrowIfCancellationRequested();
        var resolution = finding.Result is { } result ? await settler.ResolveAsync(row, message, result, "found by a look-up") : null;
        if (resolution is not { Done: true })
        {
            await ledger.Writer.DoAsync(new LookedOperation(row.Id, resolution?.Conclusion.Reason ?? finding.Said, ledger.Now), cancellationToken);
        }
    }
}
