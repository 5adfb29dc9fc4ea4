using System.Threading.Channels;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Takes refusals whose handler has something to say of them away from the receive path, one at a time: a handler may write a failure
/// marker, and a disk that hangs must hold up one waiting line and not the receiver or the thread pool. What waits here is held
/// un-acked and bounded with everything else that is.
/// </summary>
internal sealed class RefusalLine : IDisposable
{
    private readonly Channel<Waiting> _line = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IIntake _intake;

    public RefusalLine(IIntake intake)
    {
        _intake = intake;
        _ = Task.Run(TakeAsync);
    }

    /// <summary>As <see cref="IIntake.RefuseAsync"/>, but it never runs anything on the caller's thread.</summary>
    public async Task<Admission> RefuseAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        if (refusal.Message is null)
        {
            return await _intake.RefuseAsync(refusal, cancellationToken);
        }

        var waiting = new Waiting(refusal, cancellationToken);
        ObjectDisposedException.ThrowIf(!_line.Writer.TryWrite(waiting), this);
        await using var registration = cancellationToken.Register(waiting.Leave);
        return await waiting.Ended;
    }

    /// <summary>Takes no more. What is under way is not waited for: it may stand before a disk that hangs.</summary>
    public void Dispose() => _line.Writer.TryComplete();

    private async Task TakeAsync()
    {
        await foreach (var waiting in _line.Reader.ReadAllAsync())
        {
            await waiting.TakeTurnAsync(_intake);
        }
    }

    /// <summary>One that waits. Until its turn it may leave the line at once; from then on the ledger says what became of it.</summary>
    private sealed class Waiting(Refusal refusal, CancellationToken withdrawn)
    {
        private readonly TaskCompletionSource<Admission> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        // Taken by its turn or by its leaving, whichever is first; a line that stands still keeps no bodies of those that left.
        private Refusal? _refusal = refusal;

        public Task<Admission> Ended => _ended.Task;

        public void Leave()
        {
            if (Interlocked.Exchange(ref _refusal, null) is not null)
            {
                _ended.SetCanceled(withdrawn);
            }
        }

        public async Task TakeTurnAsync(IIntake intake)
        {
            if (Interlocked.Exchange(ref _refusal, null) is not { } mine)
            {
                return;
            }

            try
            {
                _ended.SetResult(await intake.RefuseAsync(mine, withdrawn));
            }
            catch (OperationCanceledException) when (withdrawn.IsCancellationRequested)
            {
                _ended.SetCanceled(withdrawn);
            }
            catch (Exception e)
            {
                // It belongs to whoever waits for this one; the line goes on with the next.
                _ended.SetException(e);
            }
        }
    }
}
