using System.Collections.Concurrent;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What runs now, by request.</summary>
internal sealed class RunningTable
{
    private readonly ConcurrentDictionary<string, RunningWork> _running = new(StringComparer.Ordinal);

    /// <summary>True while something runs that a stop waits for, up to its own limit.</summary>
    public bool MustFinish => _running.Values.Any(static w => w.IsReport || w.OnDrain == DrainPolicy.Finish);

    /// <summary>How many run.</summary>
    public int Count => _running.Count;

    public RunningWork? Find(RequestId id) => _running.GetValueOrDefault(id.Value);

    /// <summary>Enters an attempt; false if one at the same request is under way.</summary>
    public bool TryAdd(RunningWork work) => _running.TryAdd(work.RequestId.Value, work);

    public void Remove(RunningWork work) => _running.TryRemove(KeyValuePair.Create(work.RequestId.Value, work));

    /// <summary>Ends all that a drain may end.</summary>
    /// <param name="cold">Also what would be waited for, unless it must not run twice.</param>
    public int EndForDrain(bool cold = false)
    {
        var ended = 0;
        foreach (var work in Endable(cold))
        {
            work.Drain();
            ended++;
        }

        return ended;
    }

    /// <summary>Completes when all that a drain may end has ended.</summary>
    public Task DrainedAsync(bool cold = false) => Task.WhenAll(Endable(cold).Select(static w => w.Ended));

    /// <summary>True while a run has not ended yet, settled or not.</summary>
    public bool AnyRuns() => _running.Values.Any(static w => !w.IsOver);

    /// <summary>The same of what a drain may end.</summary>
    public bool AnyEndableRuns(bool cold) => Endable(cold).Any(static w => !w.IsOver);

    private IEnumerable<RunningWork> Endable(bool cold) =>
        _running.Values.Where(w => !w.IsReport && (cold || w.OnDrain == DrainPolicy.Requeue));
}
