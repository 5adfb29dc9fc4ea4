namespace OpsAgent.Abstractions;

/// <summary>How many requests of one type one sender may bring in within any span of that length.</summary>
/// <param name="Count">Requests that become work; refused and skipped ones do not count.</param>
/// <param name="Per">The span.</param>
public readonly record struct RateLimit(int Count, TimeSpan Per)
{
    /// <summary>As the manifest writes it, in the largest unit that is whole: <c>10/1m</c>.</summary>
    public override string ToString() => (long)Per.TotalSeconds switch
    {
        var s when s % 86_400 == 0 => $"{Count}/{s / 86_400}d",
        var s when s % 3_600 == 0 => $"{Count}/{s / 3_600}h",
        var s when s % 60 == 0 => $"{Count}/{s / 60}m",
        var s => $"{Count}/{s}s",
    };
}
