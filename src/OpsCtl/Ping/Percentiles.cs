namespace OpsAgent.OpsCtl.Ping;

/// <summary>Order statistics of round trips, in milliseconds, by nearest rank: each is a value that was measured.</summary>
internal sealed record Percentiles(double Min, double P50, double P95, double P99, double Max)
{
    /// <summary>Null when nothing was measured.</summary>
    public static Percentiles? Of(IReadOnlyCollection<double> samples)
    {
        if (samples.Count == 0)
        {
            return null;
        }

        var sorted = samples.Order().ToArray();
        return new Percentiles(sorted[0], Rank(sorted, 50), Rank(sorted, 95), Rank(sorted, 99), sorted[^1]);
    }

    /// <summary>The smallest value that at least <paramref name="percent"/> of all do not exceed.</summary>
    private static double Rank(double[] sorted, int percent) => sorted[(int)(((long)sorted.Length * percent + 99) / 100) - 1];
}
