using System.Diagnostics;
using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>
/// Many requests at once over a real ActiveMQ: <c>OPSAGENT_BURST</c> says how many (10,000), <c>OPSAGENT_BURST_RUN</c> how many of them where
/// they are run to their end (1,000). None is lost, the agent stays small, and pings are answered.
/// </summary>
[Collection(nameof(Broker))]
public sealed class BurstTests(Broker broker, ITestOutputHelper output)
{
    private static readonly int Requests = Asked("OPSAGENT_BURST", 10_000);
    private static readonly int Run = Asked("OPSAGENT_BURST_RUN", 1_000);

    [ServerFact("activemq")]
    public async Task Of_a_burst_none_is_lost_memory_stays_bounded_and_pings_are_answered()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await (await scene.PingAllTheTimeAsync()).DisposeAsync();
        await using var memory = ResidentMemory.Watch(scene.Agent.Process.Pid);
        scene.TakePongs(0);

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Requests; i++)
        {
            await scene.SendAsync("held", i);
            if (i % Math.Max(1, Requests / Pings.Enough) == 0)
            {
                await scene.SendPingAsync();
            }
        }

        var sent = clock.Elapsed;
        await scene.PongSaysAsync(p => p.GetProperty("queued").GetInt32() == Requests - 1, $"{Requests - 1} wait", LimitOf(Requests));
        var stored = clock.Elapsed;

        // Those that came between the requests; behind them come those that asked for the count.
        var during = scene.TakePongs(Pings.Enough);
        output.WriteLine($"{Requests} sent in {sent.TotalSeconds:0.0} s, in the ledger after {stored.TotalSeconds:0.0} s");
        output.WriteLine($"{during.Sorted.Count} pongs to pings among them, from arrival: {during}");
        output.WriteLine($"memory: {memory.First:0} MiB, at most {memory.Growth:0} MiB more");
        Assert.Empty(scene.Settled);

        await using var pings = await scene.PingAllTheTimeAsync();
        await pings.MoreAsync();
        var after = await pings.EndAsync();
        output.WriteLine($"once they stand in the ledger: {after}");

        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.Equal(Math.Min(Requests, Pings.Enough), during.Sorted.Count);
        Assert.InRange(during.P99, 0, Figure.PongMs);
        Assert.InRange(after.FromSending.P99, 0, Figure.PongMs);
    }

    [ServerFact("activemq")]
    public async Task Of_a_burst_that_is_run_to_its_end_none_is_lost_and_none_is_doubled()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await using var pings = await scene.PingAllTheTimeAsync();
        await using var memory = ResidentMemory.Watch(scene.Agent.Process.Pid);

        var clock = Stopwatch.StartNew();
        for (var i = 0; i < Run; i++)
        {
            await scene.SendAsync("booked", i);
        }

        await Eventually.HoldsAsync(() => scene.Settled.Count == Run, () => $"{scene.Settled.Count} of {Run} are settled", LimitOf(Run));
        output.WriteLine($"{Run} run and settled in {clock.Elapsed.TotalSeconds:0.0} s; at most {memory.Growth:0} MiB more than {memory.First:0}");
        var times = await pings.EndAsync();
        output.WriteLine($"meanwhile: {times}");

        Assert.All(scene.Settled.Values, static s => Assert.Equal("ok", s.GetProperty("outcome").GetString()));
        Assert.Equal(Run, scene.Settlements);
        var book = await File.ReadAllLinesAsync(Path.Combine(scene.Agent.CacheFolder, "book"));
        Assert.Equal(Enumerable.Range(0, Run), book.Select(int.Parse).Order());
        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.InRange(times.FromArrival.P99, 0, Figure.PongMs);
    }

    private static int Asked(string variable, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), out var n) ? n : otherwise;

    private static TimeSpan LimitOf(int requests) => TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(requests * 10L);
}
