using System.Threading.Channels;
using OpsAgent.Agent.Work;

namespace OpsAgent.Agent.Dispatch;

/// <summary>
/// Takes refusals whose handler has something to say of them away from the receive path, one at a time: a handler may write a failure
/// marker, and a disk that hangs must hold up one waiting line and not the receiver or the thread pool. What waits here is held
/// un-acked and bounded with everything else that is.
/// </summary>
internal sealed class RefusalLine : IAsyncDisposable
{
    private readonly Channel<Waiting> _line = Channel.CreateUnbounded<Waiting>(new UnboundedChannelOptions { SingleReader = true });
    private readonly IIntake _intake;
    private readonly Task _loop;

    public RefusalLine(IIntake intake)
    {
        _intake = intake;
        _loop = Task.Run(TakeAsync);
    }

    /// <summary>As <see cref="IIntake.RefuseAsync"/>, but it never runs anything on the caller's thread.</summary>
    public async Task<Admission> RefuseAsync(Refusal refusal, CancellationToken cancellationToken)
    {
        if (refusal.Message is null)
        {
            return await _intake.RefuseAsync(refusal, cancellationToken);
        }

        var waiting = new Waiting(refusal, new TaskCompletionSource<Admission>(TaskCreationOptions.RunContinuationsAsynchronously), cancellationToken);
        ObjectDisposedException.ThrowIf(!_line.Writer.TryWrite(waiting), this);

        return await waiting.Done.Task.WaitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        _line.Writer.TryComplete();
        await _loop;
    }

    private async Task TakeAsync()
    {
        await foreach (var waiting in _line.Reader.ReadAllAsync())
        {
            try
            {
                if (!waiting.Withdrawn.IsCancellationRequested)
                {
                    waiting.Done.TrySetResult(await _intake.RefuseAsync(waiting.Refusal, waiting.Withdrawn));
                }
            }
            catch (Exception e)
            {
                // It belongs to whoever waits for this one; the line goes on with the next.
                waiting.Done.TrySetException(e);
            }
        }
    }

    private sealed record Waiting(Refusal Refusal, TaskCompletionSource<Admission> Done, CancellationToken Withdrawn);
}
