using OpsAgent.Tests.Support;
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
    public async Task Nothing_of_a_settled_tree_lives_even_if_the_agent_was_killed_while_it_grew()
    {
        // Of this run alone, also among the arguments of whoever has no environment.
        var run = $"{Random.Shared.NextInt64(1_000_000_000, 10_000_000_000)}";
        await using var scene = await ChaosScene.StartAsync(ChaosBroker.StartArtemis(), static _ => TreeManifest.Text());
        await scene.StartAgentAsync();

        // Those that only the agent's memory holds once their parent has had its SIGTERM come last, when it is killed no more.
        var shapes = Enumerable.Range(0, Trees).Select(n => TreeManifest.Shapes[n % TreeManifest.Shapes.Count].Type)
            .OrderBy(type => type == TreeManifest.HeldByMemory).ToList();
        for (var n = 0; n < Trees; n++)
        {
            await scene.SendAsync(new SentRequest($"{run}{n:0000}", shapes[n], n, Sends: 1));
        }

        // The look at /proc that is to find nothing later finds them now.
        await scene.HoldsAsync(() => Leftovers.Of(run).Count > 30, () => "thirty children of the first tree");
        var survivors = new List<string>();
        var mayDie = Math.Max(0, shapes.Count(type => type != TreeManifest.HeldByMemory) - (4 * TreeManifest.Slots));
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

        output.Tell($"trees: {Trees} of {TreeManifest.Shapes.Count} shapes, {survivors.Count} survivors; kills meanwhile: {Kills}");
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
