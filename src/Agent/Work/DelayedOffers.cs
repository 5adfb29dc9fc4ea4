using System.Collections.Concurrent;
using OpsAgent.Agent.Work.Ledger;

namespace OpsAgent.Agent.Work;

/// <summary>What waits for a moment to come before it is offered to its lane.</summary>
internal sealed class DelayedOffers(TimeProvider time, Func<long> now) : IDisposable
{
    /// <summary>A timer takes no more than 49 days, and a clock that was set back may ask for more.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromHours(1);

    private readonly ConcurrentDictionary<long, ITimer> _timers = [];

    /// <summary>Offers an id once its moment has come; at once if it has.</summary>
    public void Offer(QueuedId id, Action offer)
    {
        var wait = TimeSpan.FromMilliseconds(id.NotBefore - now());
        if (wait <= TimeSpan.Zero)
        {
            offer();
            return;
        }

        // Kept in the dictionary before it is armed: a timer may fire at once.
        var timer = time.CreateTimer(_ => Due(id, offer), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timers[id.Id] = timer;
        timer.Change(wait < LongestWait ? wait : LongestWait, Timeout.InfiniteTimeSpan);
    }

    public void Dispose()
    {
        foreach (var timer in _timers.Values)
        {
            timer.Dispose();
        }
    }

    private void Due(QueuedId id, Action offer)
    {
        if (_timers.TryRemove(id.Id, out var timer))
        {
            timer.Dispose();
            offer();
        }
    }
}
