using System.Collections.Concurrent;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What runs now, by request.</summary>
internal sealed class RunningTable
{
    private readonly ConcurrentDictionary<string, RunningWork> _running = new(StringComparer.Ordinal);

    /// <summary>How many run.</summary>
    public int Count => _running.Values.Count(static w => w.HasBegun);

    public RunningWork? Find(RequestId id) => _running.GetValueOrDefault(id.Value);

    /// <summary>Enters an attempt; false if one at the same request is under way.</summary>
    public bool TryAdd(RunningWork work) => _running.TryAdd(work.RequestId.Value, work);

    public void Remove(RunningWork work) => _running.TryRemove(KeyValuePair.Create(work.RequestId.Value, work));

    /// <summary>Takes back the starts that still wait for the ledger.</summary>
    public void WithdrawStarts()
    {
        foreach (var work in _running.Values)
        {
            work.WithdrawStart();
        }
    }

    /// <summary>Ends all that a drain may end.</summary>
    /// <param name="cold">Also what would be waited for, unless it must not run twice.</param>
    public int EndForDrain(bool cold = false)
    {
        var ended = 0;
        foreach (var work in Endable(cold))
        {
            // One whose start is just being stored too, but it is none that runs.
            ended += work.Runs ? 1 : 0;
            work.Drain();
        }

        return ended;
    }

    /// <summary>Completes when all that a drain may end has ended.</summary>
    public Task DrainedAsync(bool cold = false) => Task.WhenAll(Endable(cold).Select(static w => w.Ended));

    /// <summary>True while a run has begun and not ended yet, settled or not.</summary>
    public bool AnyRuns() => _running.Values.Any(static w => w.Runs);

    /// <summary>The same of what a drain may end.</summary>
    public bool AnyEndableRuns(bool cold) => Endable(cold).Any(static w => w.Runs);

    private IEnumerable<RunningWork> Endable(bool cold) =>
        _running.Values.Where(w => !w.IsReport && (cold || w.OnDrain == DrainPolicy.Requeue));
}
