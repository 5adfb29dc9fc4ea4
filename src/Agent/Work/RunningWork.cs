using OpsAgent.Abstractions;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>One attempt that is under way, and who wants it to end.</summary>
internal sealed class RunningWork(RequestId requestId) : IDisposable
{
    private readonly CancellationTokenSource _end = new();
    private readonly CancellationTokenSource _start = new();
    private readonly TaskCompletionSource<Outcome?> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile string? _cancelledBy;
    private volatile bool _drained;
    private volatile Func<bool> _mayHaveActed = static () => true;

    public RequestId RequestId => requestId;

    /// <summary>Cancelled when the run's tree is to be ended.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>Cancelled when it is not to begin any more: what is not on disk of its start by then never will be.</summary>
    public CancellationToken StartToken => _start.Token;

    /// <summary>How it was settled; null if it was not.</summary>
    public Task<Outcome?> Ended => _ended.Task;

    /// <summary>Never started twice, so not ended by a drain, nor cancelled without force once it may have had its effect.</summary>
    public bool IsReport { get; private set; }

    public DrainPolicy OnDrain { get; private set; }

    /// <summary>False only if it is certain that it has had no effect so far.</summary>
    public bool MayHaveActed => _mayHaveActed();

    /// <summary>True once its start is on disk: before that nothing of it has happened, and no stop waits for it.</summary>
    public bool HasBegun { get; set; }

    /// <summary>True while something of it may happen: begun, and not over.</summary>
    public bool Runs => HasBegun && !IsOver;

    /// <summary>True once its run has ended, or was found to be over, and only its settlement is left.</summary>
    public bool IsOver { get; set; }

    /// <summary>Set when it was queued again: its place, to be offered once this attempt is off the table.</summary>
    public QueuedId? Again { get; set; }

    /// <summary>True if it could not be started now and waits on.</summary>
    public bool Waits { get; set; }

    /// <summary>The operator who asked for its end; null if none did.</summary>
    public string? CancelledBy => _cancelledBy;

    /// <summary>True if a drain ended it, so that it is to run again.</summary>
    public bool Drained => _drained && !IsReport && _cancelledBy is null;

    /// <summary>
    /// Says what it is. Before it is looked whether the lanes are stopped, so that a drain either sees this or is seen.
    /// </summary>
    public void Describe(RecoveryPolicy recovery, DrainPolicy onDrain)
    {
        IsReport = recovery == RecoveryPolicy.Report;
        OnDrain = onDrain;
        Interlocked.MemoryBarrier();
    }

    /// <summary>Its runner can tell from now on whether it may have had its effect.</summary>
    public void Watch(Func<bool> mayHaveActed) => _mayHaveActed = mayHaveActed;

    public void Cancel(string by)
    {
        _cancelledBy = by;
        Cancel(_end);
    }

    public void Drain()
    {
        _drained = true;
        Cancel(_end);
    }

    /// <summary>Takes back a start that still waits for the ledger; it stays queued. One that is just being stored goes on.</summary>
    public void WithdrawStart() => Cancel(_start);

    /// <summary>Tells who waits for it.</summary>
    public void SetEnded(Outcome? outcome) => _ended.TrySetResult(outcome);

    public void Dispose()
    {
        _end.Dispose();
        _start.Dispose();
    }

    private static void Cancel(CancellationTokenSource source)
    {
        try
        {
            source.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It ended at this moment by itself.
        }
    }
}
