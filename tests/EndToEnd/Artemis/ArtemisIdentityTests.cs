using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Artemis;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Artemis;

/// <summary>
/// A message that comes again is known by the half of its id that stays and by its timestamp: nothing is settled twice, and nothing is
/// started twice.
/// </summary>
[Collection(nameof(ArtemisScene))]
public sealed class ArtemisIdentityTests
{
    private const string Queue = ArtemisScene.Queue;

    [Fact]
    public async Task What_was_settled_and_whose_acks_were_lost_comes_again_and_is_acked_without_a_word()
    {
        await using var scene = new ArtemisScene();
        await scene.Agent.StartAsync();
        scene.Server.LosesAcks = true;
        scene.SendOnce(Enumerable.Range(0, 40));
        scene.Server.Send(Queue, "no request at all");
        await scene.SettlesAsync(41);
        Assert.Empty(scene.Server.Acked(Queue));

        scene.Server.Drop();
        scene.Server.LosesAcks = false;
        await scene.IsDrainedAsync();
        Assert.Equal("READY", scene.Ping().GetProperty("state").GetString());

        var attempts = scene.Server.Deliveries(Queue).GroupBy(d => d.Message.Number).Where(g => g.Count() > 1).ToList();
        Assert.Equal(41, attempts.Count);
        Assert.All(attempts, g => Assert.Equal(g.Count(), g.Select(d => d.Consumer).Distinct().Count()));
        Assert.Equal(41, scene.SettlementIds.Count);
        Assert.All(scene.Settlements, s => Assert.Contains(s.GetProperty("outcome").GetString(), (string[])["ok", "rejected"]));
        Assert.Equal((40, 40), (scene.Starts.Count, scene.Starts.Values.Sum()));
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task The_same_holds_over_a_kill_of_the_agent()
    {
        await using var scene = new ArtemisScene();
        await scene.Agent.StartAsync();
        scene.Server.LosesAcks = true;
        scene.SendOnce(Enumerable.Range(0, 40));
        await scene.SettlesAsync(40);

        await scene.Agent.KillAsync();
        scene.Server.LosesAcks = false;
        await scene.Agent.StartAsync();
        await scene.IsDrainedAsync();
        scene.Ping();

        scene.EachWasDoneOnce(40);
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task Connections_that_are_lost_again_and_again_under_load_settle_and_start_each_request_once()
    {
        const int Requests = 300;
        await using var scene = new ArtemisScene(new ArtemisOptions { MaxDeliveryAttempts = 1_000 });
        await scene.Agent.StartAsync();
        var random = new Random(11);
        var sent = 0;
        for (var loss = 0; loss < 12; loss++)
        {
            scene.Server.LosesAcks = loss % 3 == 0;
            scene.SendOnce(Enumerable.Range(sent, Requests / 12));
            sent += Requests / 12;
            var acked = scene.Server.Frames.Count(f => f.Command == "ACK");
            var wanted = random.Next(1, 20);
            await scene.HoldsAsync(() => scene.Server.Frames.Count(f => f.Command == "ACK") >= acked + wanted, () => $"{wanted} acks more");
            if (loss % 2 == 0)
            {
                scene.Server.Drop();
            }
            else
            {
                scene.Server.Fail("AMQ229014: the connection will now be closed");
            }

            scene.Server.LosesAcks = false;
        }

        await scene.SettlesAsync(Requests, TimeSpan.FromMinutes(2));
        await scene.IsDrainedAsync();
        scene.Ping();

        scene.EachWasDoneOnce(Requests);
        Assert.True(scene.Server.Deliveries(Queue).Count > Requests + 1, "nothing came twice: the test shows nothing");
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task Kills_of_the_agent_under_load_lose_no_request_and_start_none_twice()
    {
        const int Requests = 150;
        const int Kills = 5;
        const int Slots = 4;
        await using var scene = new ArtemisScene(new ArtemisOptions { MaxDeliveryAttempts = 1_000 });
        var random = new Random(3);
        await scene.Agent.StartAsync();
        for (var kill = 0; kill < Kills; kill++)
        {
            scene.SendOnce(Enumerable.Range(kill * Requests / Kills, Requests / Kills));

            // A random moment of the work that was just sent: here time itself is the condition.
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(20, 250)), TimeProvider.System);
            await scene.Agent.KillAsync();
            await scene.Agent.StartAsync();
        }

        await scene.SettlesAsync(Requests, TimeSpan.FromMinutes(2));
        await scene.IsDrainedAsync();
        scene.Ping();

        Assert.Equal(Requests, scene.SettlementIds.Count);
        var inDoubt = scene.Settlements.Where(s => s.GetProperty("outcome").GetString() == "unknown")
            .Select(s => s.GetProperty("settlement_id").GetString()).Distinct().Count();
        Assert.All(scene.Settlements, s => Assert.Contains(s.GetProperty("outcome").GetString(), (string[])["ok", "unknown"]));
        Assert.InRange(inDoubt, 0, Kills * Slots);
        Assert.InRange(scene.Starts.Count, Requests - inDoubt, Requests);
        Assert.All(scene.Starts, s => Assert.True(s.Value == 1, $"{s.Key} was started {s.Value} times"));
        scene.NeverMisbehaved();
    }

    [Fact]
    public async Task Equal_numbers_of_a_store_that_was_built_anew_are_two_requests()
    {
        await using var scene = new ArtemisScene();
        await scene.Agent.StartAsync();
        scene.Server.NumberFrom(50_000);
        scene.Server.Send(Queue, """{"msg_type":"once","n":"1"}""");
        await scene.SettlesAsync(1);
        await scene.IsDrainedAsync();

        scene.Server.Drop();
        await scene.HoldsAsync(() => scene.Server.Windows(Queue).Count == 1, () => "the agent is back");
        scene.Server.NumberFrom(50_000);
        scene.Server.Send(Queue, """{"msg_type":"once","n":"2"}""");
        await scene.SettlesAsync(2);

        Assert.Equal([50_000, 50_000], scene.Server.Sent(Queue).Select(m => m.Number));
        scene.EachWasDoneOnce(2);
    }
}
