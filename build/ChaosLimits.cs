namespace OpsAgent.Build;

/// <summary>The sizes at which the chaos suite tells something; it holds to them however it is started.</summary>
internal static class ChaosLimits
{
    /// <summary>What every test run sends under load, kills meanwhile, and grows.</summary>
    public const int StandardRequests = 500, StandardKills = 40, StandardTrees = 50;

    /// <summary>A kill is armed at one of the first eight passages of its boundary: with fewer requests it is not reached.</summary>
    public const int RequestsPerKill = 8;

    /// <summary>What is wrong with a size, in one line; null if nothing is.</summary>
    /// <param name="requests">Sent under load.</param>
    /// <param name="kills">While that load runs.</param>
    /// <param name="trees">Trees of processes that are ended.</param>
    public static string? Mistake(int requests, int kills, int trees) =>
        kills < 2 ? $"--kills {kills} is too few: each of the two brokers has half of them, and one at least"
        : requests / 2 < (long)RequestsPerKill * (kills / 2)
            ? $"--requests {requests} is too few for --kills {kills}: {RequestsPerKill} for each kill, {(long)RequestsPerKill * (kills / 2) * 2} at least"
        : trees < 1 ? $"--trees {trees} is too few: one at least"
        : null;
}
