using OpsAgent.Build;

namespace OpsAgent.Tests.Chaos;

/// <summary>How much is done, and with which dice; <c>./build.sh chaos</c> sets it. Half of the load goes over each broker, and half once more with a cgroup a doer.</summary>
/// <param name="Requests">Sent under load.</param>
/// <param name="Kills">While that load runs.</param>
/// <param name="Trees">Trees of processes that are ended.</param>
/// <param name="Seed">Of the order, the moments and the boundaries.</param>
internal sealed record ChaosSize(int Requests, int Kills, int Trees, int Seed)
{
    /// <summary>What the environment asks for; else what every test run does.</summary>
    public static ChaosSize Asked { get; } = new(
        Read("OPSAGENT_CHAOS_REQUESTS", ChaosLimits.StandardRequests),
        Read("OPSAGENT_CHAOS_KILLS", ChaosLimits.StandardKills),
        Read("OPSAGENT_CHAOS_TREES", ChaosLimits.StandardTrees),
        Read("OPSAGENT_CHAOS_SEED", 7));

    /// <summary>What is wrong with it, in one line; empty if nothing is.</summary>
    public string Mistake => ChaosLimits.Mistake(Requests, Kills, Trees) ?? "";

    private static int Read(string name, int standard) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } text ? int.Parse(text) : standard;
}
