namespace OpsAgent.Build;

/// <summary>The chaos suite at another size than every test run's.</summary>
internal static class Chaos
{
    private const string Requests = "--requests";
    private const string Kills = "--kills";
    private const string Trees = "--trees";

    private static readonly (string Option, string Variable)[] Options =
    [
        (Requests, "OPSAGENT_CHAOS_REQUESTS"), (Kills, "OPSAGENT_CHAOS_KILLS"), (Trees, "OPSAGENT_CHAOS_TREES"),
        ("--seed", "OPSAGENT_CHAOS_SEED"),
    ];

    // Each size ends some time; nobody waits for a run that hangs longer than this.
    private static readonly TimeSpan Limit = TimeSpan.FromHours(6);

    public static int Run(string[] arguments)
    {
        var size = new Dictionary<string, string>();
        var asked = new Dictionary<string, int>
        {
            [Requests] = ChaosLimits.StandardRequests, [Kills] = ChaosLimits.StandardKills, [Trees] = ChaosLimits.StandardTrees,
        };
        for (var i = 0; i < arguments.Length; i += 2)
        {
            var variable = Array.Find(Options, o => o.Option == arguments[i]).Variable
                ?? throw new UsageException($"chaos does not know {arguments[i]}");
            var number = int.TryParse(arguments.ElementAtOrDefault(i + 1), out var n) && n >= 0
                ? n
                : throw new UsageException($"{arguments[i]} of how many?");
            size[variable] = number.ToString();
            asked[arguments[i]] = number;
        }

        if (ChaosLimits.Mistake(asked[Requests], asked[Kills], asked[Trees]) is { } mistake)
        {
            // Before anything is built.
            throw new UsageException(mistake);
        }

        return TestRun.Run(["chaos"], size, Limit);
    }
}
