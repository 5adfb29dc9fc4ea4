using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Chaos;

/// <summary>Promise R4 through the published agent: whatever shape a doer's tree has, nothing of it outlives its settlement.</summary>
[Collection(nameof(OneAtATime))]
public sealed class TreeTests(ITestOutputHelper output)
{
    private const int Kills = 3;
    private static readonly int Trees = ChaosSize.Asked.Trees;

    [Fact]
    public async Task Nothing_of_a_settled_tree_lives_even_if_the_agent_was_killed_while_it_grew()
    {
        // Of this run alone, also among the arguments of whoever has no environment.
        var run = $"{Random.Shared.NextInt64(1_000_000_000, 10_000_000_000)}";
        await using var scene = await ChaosScene.StartAsync(ChaosBroker.StartArtemis(), static _ => TreeManifest.Text());
        await scene.StartAgentAsync();
        for (var n = 0; n < Trees; n++)
        {
            await scene.SendAsync(new SentRequest($"{run}{n:0000}", TreeManifest.Shapes[n % TreeManifest.Shapes.Count].Type, n, Sends: 1));
        }

        // The look at /proc that is to find nothing later finds them now.
        await scene.HoldsAsync(() => Leftovers.Of(run).Count > 30, () => "thirty children of the first tree");
        var survivors = new List<string>();
        for (var part = 1; part <= Kills + 1; part++)
        {
            for (var settled = -1; settled < part * Trees / (Kills + 1);)
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
            var settled = Assert.Single(scene.Book.Of(r.Id));
            Assert.Equal((r.Type, TreeManifest.Shapes.Single(s => s.Type == r.Type).Outcome), (r.Type, settled.Outcome));
        });
        Assert.All(scene.Book.Bodies, b => Assert.Equal(0, b.TryGetProperty("survivors", out var left) ? left.GetInt32() : 0));
    }
}
