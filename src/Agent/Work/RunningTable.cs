using System.Collections.Concurrent;
using OpsAgent.Abstractions;

namespace OpsAgent.Agent.Work;

/// <summary>What runs now, by request.</summary>
internal sealed class RunningTable
{
    private readonly ConcurrentDictionary<string, RunningWork> _running = new(StringComparer.Ordinal);

    /// <summary>True while something runs that a stop waits for, up to its own limit.</summary>
    public bool MustFinish => _running.Values.Any(static w => w.IsReport || w.OnDrain == DrainPolicy.Finish);

    public RunningWork? Find(RequestId id) => _running.GetValueOrDefault(id.Value);

    /// <summary>Enters an attempt; false if one at the same request is under way.</summary>
    public bool TryAdd(RunningWork work) => _running.TryAdd(work.RequestId.Value, work);

    public void Remove(RunningWork work) => _running.TryRemove(KeyValuePair.Create(work.RequestId.Value, work));

    /// <summary>Ends all that a drain may end.</summary>
    public int EndForDrain()
    {
        var ended = 0;
        foreach (var work in _running.Values.Where(static w => w is { IsReport: false, OnDrain: DrainPolicy.Requeue }))
        {
            work.Drain();
            ended++;
        }

        return ended;
    }

    /// <summary>Completes when all that a drain may end has ended.</summary>
    public Task DrainedAsync() => Task.WhenAll(
        _running.Values.Where(static w => w is { IsReport: false, OnDrain: DrainPolicy.Requeue }).Select(static w => w.Ended));
}
