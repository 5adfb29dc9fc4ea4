namespace OpsAgent.Agent.Work.Ledger;

/// <summary>One change that waits for the writer. It may be applied several times, each time but the last rolled back.</summary>
internal abstract class LedgerOperation
{
    private const int Waiting = 0;
    private const int Taken = 1;
    private const int Ended = 2;

    private int _state;
    private volatile object? _unwanted;

    /// <summary>The writer has it now: it can't be withdrawn while it is being committed. False if it was withdrawn.</summary>
    public bool TryTake() => Interlocked.CompareExchange(ref _state, Taken, Waiting) == Waiting;

    /// <summary>
    /// It could not be committed now; until the next try it can be withdrawn, and is at once if somebody wanted that meanwhile.
    /// </summary>
    public void PutBack()
    {
        Interlocked.CompareExchange(ref _state, Waiting, Taken);
        if (_unwanted is CancellationToken token)
        {
            Withdraw(token);
        }
    }

    /// <summary>Makes the change, within the writer's transaction. Must touch nothing but the session.</summary>
    public abstract void Apply(LedgerSession session);

    /// <summary>The change is on disk. On the writer's thread, in the order of the changes.</summary>
    public abstract void Committed();

    /// <summary>The change itself is at fault, and nothing of it was stored.</summary>
    public abstract void Failed(Exception error);

    /// <summary>Nothing was stored, and nothing will be. False if it was too late for that.</summary>
    public abstract bool Withdraw(CancellationToken token);

    /// <summary>True for the one who may say that it will not happen.</summary>
    protected bool TryEnd(CancellationToken token)
    {
        // Left for PutBack before the look at the state, so that one of the two sees the other.
        _unwanted = token;
        return Interlocked.CompareExchange(ref _state, Ended, Waiting) == Waiting;
    }
}

/// <summary>A change with an answer.</summary>
internal abstract class LedgerOperation<T> : LedgerOperation
{
    private readonly TaskCompletionSource<T> _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private T _result = default!;

    public Task<T> Completion => _completion.Task;

    /// <summary>What the change has come to; for the writer's own operations, which nobody waits for.</summary>
    public T Result => _result;

    public sealed override void Apply(LedgerSession session) => _result = Change(session);

    public sealed override void Committed()
    {
        OnCommitted(_result);
        _completion.TrySetResult(_result);
    }

    public sealed override void Failed(Exception error) => _completion.TrySetException(error);

    public sealed override bool Withdraw(CancellationToken token)
    {
        var withdrawn = TryEnd(token);
        if (withdrawn)
        {
            _completion.TrySetCanceled(token);
        }

        return withdrawn;
    }

    protected abstract T Change(LedgerSession session);

    /// <summary>On the writer's thread: quick, and must not throw.</summary>
    protected virtual void OnCommitted(T result)
    {
    }
}
