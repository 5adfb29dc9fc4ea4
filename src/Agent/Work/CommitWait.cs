using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>Waits for what an operator has changed to be on disk, but no longer than somebody waits for an answer.</summary>
internal sealed class CommitWait(ILedgerState ledger, TimeProvider time)
{
    /// <summary>How long nothing but the ledger is waited for: within the 10 s in which the local door answers.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(7);

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The change's answer.</summary>
    /// <exception cref="LedgerStalledException">It is not stored in time; the change itself goes on, and is stored once the ledger commits.</exception>
    public async Task<T> ForAsync<T>(Task<T> change, CancellationToken cancellationToken)
    {
        try
        {
            return await change.WaitAsync(Limit, time, cancellationToken);
        }
        catch (TimeoutException) when (!change.IsCompleted)
        {
            throw new LedgerStalledException(ledger.LastError);
        }
    }

    /// <summary>The same for what waits for a doer too, which may take as long as it needs.</summary>
    /// <param name="change">Ends once the doer has ended and that is stored.</param>
    /// <param name="isDoerOver">True once only its settlement is left.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="LedgerStalledException">Its doer has ended, and that can't be stored now.</exception>
    public async Task<T> ForAsync<T>(Task<T> change, Func<bool> isDoerOver, CancellationToken cancellationToken)
    {
        for (long? since = null; !change.IsCompleted;)
        {
            using var waiting = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            await Task.WhenAny(change, Task.Delay(BetweenLooks, time, waiting.Token));
            await waiting.CancelAsync();
            cancellationToken.ThrowIfCancellationRequested();
            since = ledger.CanCommit || !isDoerOver() ? null : since ?? time.GetTimestamp();
            if (since is { } at && time.GetElapsedTime(at) >= Limit && !change.IsCompleted)
            {
                throw new LedgerStalledException(ledger.LastError);
            }
        }

        return await change;
    }
}
