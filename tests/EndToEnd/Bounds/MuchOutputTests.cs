using System.Diagnostics;
using OpsAgent.Tests.Support;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>A doer that prints much and then ends: <c>OPSAGENT_PRINT_BYTES</c> says how much, 256 MiB by itself.</summary>
[Collection(nameof(Broker))]
public sealed class MuchOutputTests(Broker broker, ITestOutputHelper output)
{
    private static readonly long Bytes =
        long.TryParse(Environment.GetEnvironmentVariable("OPSAGENT_PRINT_BYTES"), out var n) ? n : 256L * 1024 * 1024;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2) + TimeSpan.FromSeconds(Bytes / 4e6);

    [ServerTheory("activemq")]
    [InlineData("print")]
    [InlineData("print_files")]
    public async Task A_doer_that_prints_much_ends_ok_its_end_is_known_and_what_is_kept_of_it_is_bounded(string type)
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await using var pings = await scene.PingAllTheTimeAsync();
        await using var memory = ResidentMemory.Watch(scene.Agent.Process.Pid);
        var clock = Stopwatch.StartNew();
        await scene.SendAsync(type, 1, more: $",\"bytes\":\"{Bytes}\"");
        Assert.Equal("ok", await scene.OutcomeAsync($"{type}-1", Limit));
        output.WriteLine($"{type}: {Bytes} bytes in {clock.Elapsed.TotalSeconds:0.0} s; at most {memory.Growth:0} MiB more than {memory.First:0}");

        await pings.MoreAsync(Math.Max(0, Pings.Enough - pings.Count));
        var times = await pings.EndAsync();
        output.WriteLine($"{type}: {times}");
        var log = Assert.Single(Directory.GetFiles(Path.Combine(scene.Agent.StateFolder, "logs")));
        await Eventually.HoldsAsync(() => File.ReadAllText(log).EndsWith("agent end of output\n", StringComparison.Ordinal), "the end of its log");
        var lines = await File.ReadAllLinesAsync(log);
        Assert.EndsWith(" out the end", lines[^2], StringComparison.Ordinal);
        Assert.Contains(lines, static l => l.EndsWith(" are left out here", StringComparison.Ordinal) || l.Contains("bytes more were printed", StringComparison.Ordinal));
        Assert.InRange(new FileInfo(log).Length, 900_000, 1_100_000);
        Assert.InRange(memory.Growth, 0, ResidentMemory.Allowed);
        Assert.InRange(times.FromArrival.P99, 0, Figure.PongMs);
    }
}
