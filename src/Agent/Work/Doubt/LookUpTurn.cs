using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work.Doubt;

/// <summary>
/// Who may ask about a request in doubt: one at a time, since its doer's look-ups lock each other out. An operator comes before the
/// agent's own look-up, which is ended for that.
/// </summary>
internal sealed class LookUpTurn : IDisposable
{
    private readonly Dictionary<RequestId, LookUpTurn> _turns;
    private readonly RequestId _request;
    private readonly CancellationTokenSource _end;
    private readonly TaskCompletionSource _over = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private LookUpTurn(Dictionary<RequestId, LookUpTurn> turns, RequestId request, CancellationToken cancellationToken)
    {
        (_turns, _request) = (turns, request);
        _end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
    }

    /// <summary>Cancelled when somebody else must have the turn.</summary>
    public CancellationToken Token => _end.Token;

    /// <summary>The turn; null if somebody has it.</summary>
    public static LookUpTurn? TryTake(Dictionary<RequestId, LookUpTurn> turns, RequestId request, CancellationToken cancellationToken)
    {
        lock (turns)
        {
            if (turns.ContainsKey(request))
            {
                return null;
            }

            return turns[request] = new LookUpTurn(turns, request, cancellationToken);
        }
    }

    /// <summary>The turn, once whoever has it has ended.</summary>
    public static async Task<LookUpTurn> TakeAsync(Dictionary<RequestId, LookUpTurn> turns, RequestId request, CancellationToken cancellationToken)
    {
        while (true)
        {
            LookUpTurn? other;
            lock (turns)
            {
                if (!turns.TryGetValue(request, out other))
                {
                    return turns[request] = new LookUpTurn(turns, request, cancellationToken);
                }
            }

            await other.EndAsync().WaitAsync(cancellationToken);
        }
    }

    public void Dispose()
    {
        lock (_turns)
        {
            _turns.Remove(_request);
        }

        _over.TrySetResult();
        _end.Dispose();
    }

    private async Task EndAsync()
    {
        try
        {
            await _end.CancelAsync();
        }
        catch (ObjectDisposedException)
        {
            // It is over already.
        }

        await _over.Task;
    }
}
