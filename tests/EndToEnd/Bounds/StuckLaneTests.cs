using System.Text.Json;
using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>Doers that hang or print without end cost their own lane and nothing else.</summary>
[Collection(nameof(Broker))]
public sealed class StuckLaneTests(Broker broker, ITestOutputHelper output)
{
    /// <summary>What a loud doer would print if it were let; its time limit comes first: <c>OPSAGENT_LOUD_BYTES</c>.</summary>
    private static readonly long Bytes =
        long.TryParse(Environment.GetEnvironmentVariable("OPSAGENT_LOUD_BYTES"), out var n) ? n : 1_000_000_000_000;

    [ServerFact("activemq")]
    public async Task When_every_slot_of_a_lane_hangs_other_lanes_go_on_and_what_does_not_fit_is_refused_clearly()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        for (var i = 0; i < 8; i++)
        {
            await scene.SendAsync("hang", i);
            // One by one, so that it is known which of them find a slot.
            await scene.PongSaysAsync(
                p => p.GetProperty("running").GetInt32() == Math.Min(i + 1, 2) && (i < 2 || i >= 5 || p.GetProperty("queued").GetInt32() == i - 1), "the lane fills");
        }

        await using var memory = ResidentMemory.Watch(scene.Agent.Process.Pid);
        await using var pings = await scene.PingAllTheTimeAsync();
        for (var i = 0; i < 50; i++)
        {
            await scene.SendAsync("quick", i);
        }

        for (var i = 0; i < 50; i++)
        {
            Assert.Equal("ok", await scene.OutcomeAsync($"quick-{i}"));
        }

        for (var i = 5; i < 8; i++)
        {
            Assert.Equal("rejected", await scene.OutcomeAsync($"hang-{i}"));
            Assert.Equal("queue full: 3 requests of hang wait already", scene.Settled[$"hang-{i}"].GetProperty("reason").GetString());
        }

        await pings.MoreAsync();
        var times = await pings.EndAsync();
        output.WriteLine($"with a lane that hangs: {times}; at most {memory.Growth:0} MiB more than {memory.First:0}");
        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.InRange(times.FromArrival.P99, 0, Figure.PongMs);
        scene.LetGo();
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal("ok", await scene.OutcomeAsync($"hang-{i}"));
        }
    }

    [ServerTheory("activemq")]
    [InlineData("loud")]
    [InlineData("loud_files")]
    public async Task Doers_that_print_without_end_end_by_their_limit_and_cost_neither_memory_nor_pongs(string type)
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await using var pings = await scene.PingAllTheTimeAsync();
        await using var memory = ResidentMemory.Watch(scene.Agent.Process.Pid);
        for (var i = 0; i < 4; i++)
        {
            await scene.SendAsync(type, i, more: $",\"bytes\":\"{Bytes}\"");
        }

        for (var i = 0; i < 4; i++)
        {
            Assert.Equal("timeout", await scene.OutcomeAsync($"{type}-{i}"));
            Assert.Equal(0, scene.Settled[$"{type}-{i}"].GetProperty("survivors").GetInt32());
        }

        var times = await pings.EndAsync();
        output.WriteLine($"{type}: {times}; at most {memory.Growth:0} MiB more than {memory.First:0}");
        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.InRange(times.FromArrival.P99, 0, Figure.PongMs);
    }

    [ServerFact("activemq")]
    public async Task A_sender_beyond_its_rate_is_told_so_and_its_pings_are_answered()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        for (var i = 0; i < 5; i++)
        {
            await scene.SendAsync("limited", i, more: ",\"requested_by\":\"ann\"");
        }

        await scene.SendAsync("limited", 5, more: ",\"requested_by\":\"bob\"");

        var outcomes = new List<string>();
        for (var i = 0; i < 6; i++)
        {
            outcomes.Add(await scene.OutcomeAsync($"limited-{i}"));
        }

        Assert.Equal(["ok", "ok", "ok", "rejected", "rejected", "ok"], outcomes);
        Assert.Equal("rate limit: one sender may ask for 3 of limited in 3600 s", scene.Settled["limited-4"].GetProperty("reason").GetString());
        for (var i = 0; i < 10; i++)
        {
            Assert.Equal(JsonValueKind.String, (await scene.PingAsync()).Body.GetProperty("agent").ValueKind);
        }
    }
}
