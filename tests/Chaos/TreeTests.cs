using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Cgroups;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Chaos;

/// <summary>Promise R4 through the published agent: whatever shape a doer's tree has, nothing of it outlives its settlement.</summary>
[Collection(nameof(OneAtATime))]
public sealed class TreeTests(ITestOutputHelper output)
{
    private static readonly int Trees = ChaosSize.Asked.Trees;

    // Spread so that no tree meets all of them: a third one would park it.
    private static readonly int Kills = Trees < 40 ? 0 : 3;

    [Fact]
    public Task Nothing_of_a_settled_tree_lives_even_if_the_agent_was_killed_while_it_grew() =>
        GrowAsync(cgroup: null, static type => type != TreeManifest.HeldByMemory);

    [CgroupFact]
    public async Task With_a_cgroup_a_doer_nothing_does_whatever_its_shape_was_when_the_agent_was_killed()
    {
        using var cgroup = new DelegatedCgroup();
        await GrowAsync(cgroup, static _ => true);
    }

    /// <param name="cgroup">In which the agent runs.</param>
    /// <param name="mayMeetAKill">The shapes that may live when the agent is killed; those of the others come last.</param>
    private async Task GrowAsync(DelegatedCgroup? cgroup, Func<string, bool> mayMeetAKill)
    {
        Assert.True(ChaosSize.Asked.Mistake.Length == 0, ChaosSize.Asked.Mistake);

        // Of this run alone, also among the arguments of whoever has no environment.
        var run = $"{Random.Shared.NextInt64(1_000_000_000, 10_000_000_000)}";
        await using var scene = await ChaosScene.StartAsync(ChaosBroker.StartArtemis(), static _ => TreeManifest.Text(), cgroup);
        await scene.StartAgentAsync();

        // Without a cgroup some are held by the agent's memory alone once their parent has had its SIGTERM: they come when it is killed no more.
        var shapes = Enumerable.Range(0, Trees).Select(n => TreeManifest.Shapes[n % TreeManifest.Shapes.Count].Type)
            .OrderBy(type => !mayMeetAKill(type)).ToList();
        for (var n = 0; n < Trees; n++)
        {
            await scene.SendAsync(new SentRequest($"{run}{n:0000}", shapes[n], n, Sends: 1));
        }

        // The look at /proc that is to find nothing later finds them now.
        await scene.HoldsAsync(() => Leftovers.Of(run).Count > 30, () => "thirty children of the first tree");
        var survivors = new List<string>();
        var mayDie = Math.Max(0, shapes.Count(mayMeetAKill) - (4 * TreeManifest.Slots));
        for (var part = 1; part <= Kills + 1; part++)
        {
            for (var settled = -1; settled < (part > Kills ? Trees : part * mayDie / Kills);)
            {
                await scene.HoldsAsync(
                    () => scene.Book.Count > settled, () => $"more than {settled} of {Trees} trees settled", TimeSpan.FromMinutes(1));
                var requests = scene.Book.Bodies.Select(b => b.GetProperty("request_id").GetString()!).ToHashSet();
                settled = requests.Count;
                survivors.AddRange(Leftovers.Of(run).Where(p => requests.Contains(p.Number)).Select(p => p.Process));
            }

            if (part <= Kills)
            {
                await scene.KillAsync("trees");
                await scene.StartAgentAsync();
            }
        }

        var how = cgroup is null ? "" : ", a cgroup a doer";
        output.Tell($"trees{how}: {Trees} of {TreeManifest.Shapes.Count} shapes, {survivors.Count} survivors; kills meanwhile: {Kills}");
        await scene.HoldsAsync(() => cgroup?.Doers.Any() is not true, () => "each doer's cgroup is removed");
        Assert.Empty(survivors);
        Assert.Empty(Leftovers.Of(run));
        Assert.All(scene.Sent, r =>
        {
            var (_, outcome, reason) = Assert.Single(scene.Book.Of(r.Id));
            var due = TreeManifest.Shapes.Single(s => s.Type == r.Type).Outcome;
            Assert.True(outcome == due || reason.StartsWith("parked:", StringComparison.Ordinal), $"{r.Type}: {outcome}, {reason}");
        });
        Assert.All(scene.Book.Bodies, b => Assert.Equal(0, b.TryGetProperty("survivors", out var left) ? left.GetInt32() : 0));
    }
}
