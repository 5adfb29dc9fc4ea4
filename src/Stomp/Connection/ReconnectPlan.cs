using System.Security.Cryptography;

namespace OpsAgent.Stomp.Connection;

/// <summary>Which endpoint is tried next, and after which pause: none in the first round, then longer ones up to the limit.</summary>
internal sealed class ReconnectPlan(IReadOnlyList<StompEndpoint> endpoints, TimeSpan longest)
{
    private static readonly TimeSpan First = TimeSpan.FromMilliseconds(50);
    private int _tried;
    private int _next;

    /// <summary>A connection that held this long was a good one: after it the next is tried at once.</summary>
    public static TimeSpan Good { get; } = TimeSpan.FromSeconds(5);

    /// <summary>Tries since the last good connection.</summary>
    public int Tried => _tried;

    public (StompEndpoint Endpoint, TimeSpan Pause) Next()
    {
        var round = _tried / endpoints.Count;
        var pause = round == 0 || _tried % endpoints.Count != 0 ? TimeSpan.Zero : Jittered(round);
        _tried++;
        return (endpoints[_next++ % endpoints.Count], pause);
    }

    public void HadGoodConnection() => _tried = 0;

    private TimeSpan Jittered(int round)
    {
        // Half of it is random, so that many clients of one broker do not come back in step.
        var full = TimeSpan.FromTicks(Math.Min(longest.Ticks, First.Ticks << Math.Min(round - 1, 20)));
        return full * (0.5 + (RandomNumberGenerator.GetInt32(1000) / 2000.0));
    }
}
