using System.Diagnostics;
using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>
/// Many requests at once over a real ActiveMQ: <c>OPSAGENT_BURST</c> says how many (10,000). None is lost, the agent stays small, and
/// pings are answered.
/// </summary>
[Collection(nameof(Broker))]
public sealed class BurstTests(Broker broker, ITestOutputHelper output)
{
    private static readonly int Requests =
        int.TryParse(Environment.GetEnvironmentVariable("OPSAGENT_BURST"), out var n) ? n : 10_000;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(1) + TimeSpan.FromMilliseconds(Requests * 10);

    [ServerFact("activemq")]
    public async Task Of_a_burst_none_is_lost_memory_stays_bounded_and_pings_are_answered()
    {
        await using var line = PongLine.To(broker.ActiveMq.Port);
        await using var scene = await BoundsScene.SetAsync(broker, agentPort: line.Port);
        await scene.Agent.StartAsync();
        await (await scene.PingAllTheTimeAsync()).DisposeAsync();
        await using var memory = ResidentMemory.Watch(scene.Agent.Process.Pid);
        var before = line.Times.Sorted.Count;

        var clock = Stopwatch.StartNew();
        var pings = await scene.PingAllTheTimeAsync();
        await using var ending = pings;
        for (var i = 0; i < Requests; i++)
        {
            await scene.SendAsync("held", i);
        }

        var sent = clock.Elapsed;
        await scene.PongSaysAsync(p => p.GetProperty("queued").GetInt32() == Requests - 1, $"{Requests - 1} wait", Limit);
        var stored = clock.Elapsed;
        var during = await pings.EndAsync();
        var fromArrival = line.Times;
        output.WriteLine($"{Requests} sent in {sent.TotalSeconds:0.0} s, in the ledger after {stored.TotalSeconds:0.0} s");
        output.WriteLine($"while they came, from send: {during}");
        output.WriteLine($"while they came, from arrival: {fromArrival} ({before} before)");
        output.WriteLine($"memory: {memory.First:0} MiB, at most {memory.Growth:0} MiB more");
        Assert.Empty(scene.Settled);

        pings = await scene.PingAllTheTimeAsync();
        await using var endingToo = pings;
        await Eventually.HoldsAsync(() => line.Times.Sorted.Count > fromArrival.Sorted.Count + 100, "100 pings more", TimeSpan.FromMinutes(2));
        var after = await pings.EndAsync();
        output.WriteLine($"once they stand in the ledger, from send: {after}");

        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.InRange(fromArrival.P99, 0, OneFailureTests.Loosely);
        Assert.InRange(after.P99, 0, OneFailureTests.Loosely);
    }
}
