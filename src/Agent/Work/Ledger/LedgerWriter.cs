using Microsoft.Extensions.Logging;

namespace OpsAgent.Agent.Work.Ledger;

/// <summary>
/// The one thread that writes. It commits at once when idle, else what arrived during the last commit in one transaction,
/// and never waits for more. While nothing can be committed it keeps what it has and tries again.
/// </summary>
internal sealed partial class LedgerWriter : ILedgerState, IDisposable
{
    /// <summary>More in one transaction would make the first of them wait for the last.</summary>
    public const int MaxBatch = 256;

    /// <summary>A write-ahead log beyond this, in bytes, means that somebody holds an old state of the file.</summary>
    public const long LargeLog = 64L * 1024 * 1024;

    private const int ShrinkSteps = 4;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdleWait = TimeSpan.FromSeconds(30);

    private readonly LedgerSession _session;
    private readonly LedgerRetention _retention;
    private readonly LedgerSuspicion _suspicion;
    private readonly ILogger _logger;
    private readonly OperationQueue _queue = new();
    private readonly List<LedgerOperation> _held = [];
    private readonly Thread _thread;
    private TimeSpan _pause = FirstPause;
    private bool _toldFull;
    private bool _toldLarge;
    private volatile bool _canCommit = true;
    private volatile string _lastError = "";

    public LedgerWriter(LedgerSession session, LedgerRetention retention, LedgerSuspicion suspicion, ILogger logger)
    {
        _session = session;
        _retention = retention;
        _suspicion = suspicion;
        _logger = logger;
        _thread = new Thread(Run) { Name = "ledger", IsBackground = true };
        _thread.Start();
    }

    public bool CanCommit => _canCommit;

    public string LastError => _lastError;

    /// <summary>Transactions committed so far.</summary>
    public long Commits { get; private set; }

    /// <summary>Queues a change. After the end of the writer it is withdrawn at once.</summary>
    public void Post(LedgerOperation operation)
    {
        if (!_queue.TryAdd(operation))
        {
            operation.Withdraw(new CancellationToken(canceled: true));
        }
    }

    /// <summary>Queues a change and waits for its commit; the token withdraws it, if it is not being committed.</summary>
    /// <exception cref="OperationCanceledException">It was withdrawn, or the writer has ended: nothing was stored.</exception>
    public async Task<T> DoAsync<T>(LedgerOperation<T> operation, CancellationToken cancellationToken = default)
    {
        Post(operation);
        await using var withdrawal = cancellationToken.UnsafeRegister(
            static (state, token) => ((LedgerOperation)state!).Withdraw(token), operation);
        return await operation.Completion;
    }

    /// <summary>Commits what is queued and ends. What can't be committed now is withdrawn.</summary>
    public void Dispose()
    {
        _queue.Close();
        _thread.Join();
        _session.Dispose();
    }

    private void Run()
    {
        var batch = new List<LedgerOperation>(MaxBatch);
        while (Next(batch))
        {
            if (batch.Count > 0)
            {
                Write(batch);
            }

            if (_held.Count == 0)
            {
                KeepWithinBound();
                if (_queue.IsEmpty)
                {
                    Prune();
                }
            }
        }
    }

    private bool Next(List<LedgerOperation> batch)
    {
        batch.Clear();
        if (_held.Count > 0)
        {
            // What was held comes first: changes keep their order.
            batch.AddRange(_held.Where(static o => o.TryTake()));
            _held.Clear();
        }

        return _queue.Take(batch, MaxBatch, IdleWait);
    }

    private void Write(List<LedgerOperation> batch)
    {
        var error = Transact(batch, out var began);
        if (error is not null && batch.Count > 1 && began)
        {
            // One by one, so that a row that can't be stored does not fail its neighbours.
            foreach (var operation in batch)
            {
                var own = began ? Transact([operation], out began) : error;
                Conclude([operation], own, began);
                error = own ?? error;
            }
        }
        else
        {
            Conclude(batch, error, began);
        }

        if (_held.Count > 0)
        {
            Stall(error!);
        }
        else if (!_canCommit)
        {
            _canCommit = true;
            _lastError = "";
            LogCommitsAgain();
        }
    }

    private Exception? Transact(IReadOnlyList<LedgerOperation> operations, out bool began)
    {
        began = false;
        try
        {
            _session.Begin();
            began = true;
            foreach (var operation in operations)
            {
                operation.Apply(_session);
            }

            _session.Commit();
            Commits++;
            return null;
        }
        catch (Exception e)
        {
            // Whatever it is must not end this thread; the operations learn of it.
            _session.Rollback();
            return e;
        }
    }

    private void Conclude(IReadOnlyList<LedgerOperation> operations, Exception? error, bool began)
    {
        foreach (var operation in operations)
        {
            if (error is null)
            {
                Tell(operation);
            }
            else if (!began || LedgerErrors.MayPass(error))
            {
                // What can't even begin is no operation's fault.
                operation.PutBack();
                _held.Add(operation);
            }
            else
            {
                LogFailed(error, operation.GetType().Name);
                operation.Failed(error);
            }
        }
    }

    private void Tell(LedgerOperation operation)
    {
        try
        {
            operation.Committed();
        }
        catch (Exception e)
        {
            // It is on disk, so the next start of the agent takes it up; this thread must not end for it.
            LogTellFailed(e, operation.GetType().Name);
        }
    }

    private void Stall(Exception error)
    {
        _lastError = _suspicion.Raise(error) ? _suspicion.Told : error.Message;
        if (_canCommit)
        {
            _canCommit = false;
            _pause = FirstPause;
            LogCannotCommit(error);
        }

        if (_queue.Pause(_pause))
        {
            // The writer is to end and the disk does not help: what is held was never promised to anybody.
            _held.ForEach(static o => o.Withdraw(new CancellationToken(canceled: true)));
            _held.Clear();
        }

        _pause = _pause * 2 < LongestPause ? _pause * 2 : LongestPause;
    }

    /// <summary>Some steps at a time while there is much to do, all of them when nobody waits.</summary>
    private void KeepWithinBound()
    {
        if (!_session.Space.IsDue)
        {
            return;
        }

        try
        {
            _session.Space.Measure(_session);
            for (var step = 0; _session.Space.IsCrowded && (step < ShrinkSteps || _queue.IsEmpty); step++)
            {
                var shrink = new ShrinkOperation(_retention);
                if (Transact([shrink], out _) is { } error)
                {
                    LogPruneFailed(error);
                    break;
                }

                _session.Space.Measure(_session);
                if (shrink.Result == 0)
                {
                    break;
                }
            }
        }
        catch (Exception e)
        {
            // A figure that can't be had now is had later; this thread must not end for it.
            LogPruneFailed(e);
        }

        TellOfSpace();
    }

    private void TellOfSpace()
    {
        var (full, large) = (_session.Space.IsFull, _session.Space.LogBytes > LargeLog);
        if (full != _toldFull)
        {
            _toldFull = full;
            LogSpace(full ? "is full: new work is rejected" : "is no longer full", _session.Space.Bytes, _session.Space.MaxBytes);
        }

        if (large && !_toldLarge)
        {
            LogLargeLog(_session.Space.LogBytes);
        }

        _toldLarge = large;
    }

    private void Prune()
    {
        if (!_retention.IsDue)
        {
            return;
        }

        var prune = new PruneOperation(_retention);
        var error = Transact([prune], out _);
        if (error is not null)
        {
            _retention.Postpone();
            LogPruneFailed(error);
        }
    }
}
