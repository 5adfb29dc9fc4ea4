using System.Collections.Concurrent;

namespace OpsAgent.Agent.Events;

/// <summary>
/// Destinations that the broker refuses. A refusal ends the whole connection, requests and all, so what else waits for such a
/// destination is not tried for a while.
/// </summary>
internal sealed class RefusedDestinations(TimeProvider time)
{
    /// <summary>How long a destination is left alone.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(1);

    private readonly ConcurrentDictionary<string, long> _since = new(StringComparer.Ordinal);

    public void Add(string destination) => _since[destination] = time.GetTimestamp();

    /// <summary>True within a minute of the last refusal.</summary>
    public bool Has(string destination) =>
        _since.TryGetValue(destination, out var since) && time.GetElapsedTime(since) < Pause;
}
