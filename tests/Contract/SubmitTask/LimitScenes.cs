using OpsAgent.Tests.Facility.Panda;
using OpsAgent.Tests.Facility.Pcs;
using Xunit;

namespace OpsAgent.Tests.Contract.SubmitTask;

/// <summary>
/// Submissions that last as long as their limits, all begun at once. The limits are long enough for a machine ten times slower than
/// a usual one: a third of them is all that there is for what comes before prun, the runtime's start included.
/// </summary>
public sealed class LimitScenes : IAsyncLifetime
{
    /// <summary>The agent's limit in seconds; the doer's own is nine tenths of it.</summary>
    public const int AgentsLimit = 60;

    /// <summary>By name.</summary>
    public IReadOnlyDictionary<string, LimitScene> All { get; private set; } = new Dictionary<string, LimitScene>();

    public Task InitializeAsync()
    {
        All = new Dictionary<string, LimitScene>
        {
            ["silent"] = AtRecord(new PcsFault { Hang = true }),
            ["502"] = AtRecord(new PcsFault { Status = 502 }),
            ["429"] = AtRecord(new PcsFault { Status = 429, RetryAfter = "3600" }),
            ["prun hangs"] = new(null, new PandaPlan { What = "hang_before", Children = 3 }, "EPICPROD_SUBMIT_TIMEOUT", $"{AgentsLimit}"),
            ["prun hangs with its id"] = new(null, new PandaPlan { What = "hang_with_id" }, "EPICPROD_SUBMIT_TIMEOUT", "300"),
        };
        return Task.CompletedTask;
    }

    public async Task DisposeAsync()
    {
        foreach (var scene in All.Values)
        {
            await scene.DisposeAsync();
        }
    }

    private static LimitScene AtRecord(PcsFault fault) => new(fault, null, "EPICPROD_SUBMIT_TIMEOUT", $"{AgentsLimit}");
}
