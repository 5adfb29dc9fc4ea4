using OpsAgent.Agent.Boundaries;
using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.Chaos;

/// <summary>
/// The agent dies at each boundary, with work that may be repeated and with work that must not be; the next one makes the best of it.
/// One slot, so that no more than one request is at the boundary.
/// </summary>
[Collection(nameof(OneAtATime))]
public sealed class BoundaryTests(ITestOutputHelper output)
{
    private const int Requests = 4;
    private const int Passage = 2;
    private static readonly TimeSpan Reached = TimeSpan.FromSeconds(20);

    [ServerFact("activemq")]
    public async Task Dead_at_each_boundary_over_ActiveMQ_nothing_is_lost_and_nothing_doubled() =>
        await EachAsync(await ChaosBroker.StartActiveMqAsync(), "ActiveMQ");

    [Fact]
    public async Task Dead_at_each_boundary_over_Artemis_nothing_is_lost_and_nothing_doubled() =>
        await EachAsync(ChaosBroker.StartArtemis(), "Artemis");

    private async Task EachAsync(ChaosBroker broker, string name)
    {
        await using var scene = await ChaosScene.StartAsync(broker, static folder => ChaosManifest.Text(folder, slots: 1));
        foreach (var boundary in Enum.GetValues<Boundary>())
        {
            foreach (var type in (string[])["again", "once", "kept", "looked"])
            {
                await DieAsync(scene, boundary, type);
            }
        }

        var verdict = new Verdict(scene.Sent, scene.Starts, scene.Book);
        output.Tell($"each boundary, {name}: {verdict}; kills: {scene.KillsInWords}");
        Assert.True(verdict.Breaches.Length == 0, verdict.Breaches);
        Assert.All(Enum.GetNames<Boundary>(), b => Assert.Equal(4, scene.Kills[b.ToLowerInvariant()]));
    }

    private static async Task DieAsync(ChaosScene scene, Boundary boundary, string type)
    {
        await scene.StartAgentAsync(boundary, Passage);
        var sent = Enumerable.Range(scene.Sent.Count, Requests)
            .Select(n => new SentRequest($"{boundary}-{type}-{n}", type, n, Sends: 1)).ToList();
        foreach (var request in sent)
        {
            await scene.SendAsync(request);
        }

        Assert.True(await scene.DiesAsync(Reached), $"it did not come to {boundary} with {type}:\n{scene.Output}");
        Assert.Contains("a test has armed a fail-point: this process kills itself at ", scene.Output, StringComparison.Ordinal);
        await scene.StartAgentAsync();
        await scene.SettlesAsync();
        var doubtful = sent.Where(r => scene.Book.Of(r.Id)[0].Outcome == "unknown").ToList();
        Assert.True(doubtful.Count <= 1, $"{boundary}, {type}: {doubtful.Count} in doubt");
        if (type == "looked")
        {
            // What became of it is found out, and that it was not started too.
            Assert.Empty(doubtful);
        }
        else if (boundary == Boundary.Starting && type != "again")
        {
            // The ledger says that it may have been started, and nothing tells that it was not.
            Assert.Empty(scene.Starts.ByRequest[Assert.Single(doubtful).Id]);
        }
        else if (type == "kept" && boundary is Boundary.Exited or Boundary.Settled)
        {
            // It has left its result, and with one slot nothing else was under way.
            Assert.Empty(doubtful);
        }

        // What is in doubt keeps its key; what is settled has let go of it.
        var again = sent.Where(r => r.IsReport).ToDictionary(r => r, r => r with { Id = $"{r.Id}-second" });
        foreach (var second in again.Values)
        {
            await scene.SendAsync(second);
        }

        await scene.SettlesAsync();
        Assert.All(again, r => Assert.Equal(doubtful.Contains(r.Key) ? "skipped" : "ok", scene.Book.Of(r.Value.Id)[0].Outcome));
        await scene.EndAsync();
    }
}
