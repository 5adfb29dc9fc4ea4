using OpsAgent.Agent.Boundaries;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Chaos;

/// <summary>
/// SIGKILL under load, in turn at a boundary and at a random moment, and after every second of these once more while the next agent
/// starts: nothing that was sent is lost, and what must not be started twice is not. The doers keep a book of their own, which is what
/// counts.
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class KillTests(ITestOutputHelper output)
{
    private const int Slots = 4;

    /// <summary>Within it a start on a machine with nothing else to do reads its ledger, recovers what ran, and subscribes.</summary>
    private const int LongestStartMs = 400;

    private static readonly int Boundaries = Enum.GetValues<Boundary>().Length;
    private static readonly ChaosSize Size = ChaosSize.Asked;
    private static readonly TimeSpan Reached = TimeSpan.FromSeconds(5);

    [ServerFact("activemq")]
    public async Task Killed_under_load_over_ActiveMQ_nothing_is_lost_and_no_report_work_is_started_twice() =>
        await LoadAsync(await ChaosBroker.StartActiveMqAsync(), "ActiveMQ", Size.Seed);

    [Fact]
    public async Task Killed_under_load_over_Artemis_nothing_is_lost_and_no_report_work_is_started_twice() =>
        await LoadAsync(ChaosBroker.StartArtemis(), "Artemis", Size.Seed + 1);

    [CgroupFact]
    public async Task Killed_under_load_with_a_cgroup_a_doer_nothing_is_lost_and_no_report_work_is_started_twice()
    {
        using var cgroup = new DelegatedCgroup();
        await LoadAsync(ChaosBroker.StartArtemis(), "Artemis, a cgroup a doer", Size.Seed + 2, cgroup);
    }

    private async Task LoadAsync(ChaosBroker broker, string name, int seed, DelegatedCgroup? cgroup = null)
    {
        var (requests, kills) = (Size.Requests / 2, Size.Kills / 2);
        Assert.True(Size.Mistake.Length == 0, Size.Mistake);
        var random = new Random(seed);
        await using var scene = await ChaosScene.StartAsync(broker, static folder => ChaosManifest.Text(folder, Slots), cgroup);
        var stream = new RequestStream(random);
        var starts = 0;
        for (var kill = 0; kill < kills; kill++)
        {
            var boundary = kill % 2 == 0 ? (Boundary?)(kill / 2 % Boundaries) : null;
            await scene.StartAgentAsync(boundary, random.Next(1, 9));
            for (var until = (kill + 1L) * requests / kills; scene.Sent.Count < until;)
            {
                await scene.SendAsync(stream.Next());
            }

            if (boundary is null || !await scene.DiesAsync(Reached))
            {
                // A random moment of the work that was just sent: this is the one place where time is the condition.
                await Task.Delay(TimeSpan.FromMilliseconds(random.Next(250)), TimeProvider.System);
                await scene.KillAsync("random");
            }

            if (kill % 4 == 3)
            {
                await scene.KillStartingAsync(TimeSpan.FromMilliseconds(random.Next(LongestStartMs)));
                starts++;
            }
        }

        await scene.StartAgentAsync();
        await scene.SettlesAsync(TimeSpan.FromMinutes(2) + TimeSpan.FromMilliseconds(100.0 * requests));

        await scene.ComeToRestAsync();
        await scene.HoldsAsync(() => cgroup?.Doers.Any() is not true, () => "each doer's cgroup is removed");
        var verdict = new Verdict(scene.Sent, scene.Starts, scene.Book);
        output.Tell($"under load, {name}, seed {seed}: {verdict}; kills: {scene.KillsInWords}");
        Assert.True(scene.Sent.Count >= requests, $"only {scene.Sent.Count} of {requests} were sent");
        Assert.True(verdict.Breaches.Length == 0, verdict.Breaches);

        // A kill leaves in doubt what ran at that moment and no more: one a slot.
        Assert.InRange(verdict.InDoubt, 0, kills * Slots);
        Assert.Equal(kills + starts, scene.Kills.Values.Sum());

        // Every second kill is armed at a boundary. One whose turn does not come in time is made at a random moment; most must come.
        var atBoundaries = kills - scene.Kills.GetValueOrDefault("random");
        Assert.InRange(atBoundaries, (kills + 1) / 4, (kills + 1) / 2);
    }
}
