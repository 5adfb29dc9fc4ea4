using System.Diagnostics;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>Nobody reads what the agent prints, as when the journal hangs.</summary>
[Collection(nameof(Broker))]
public sealed class FullLogPipeTests(Broker broker, ITestOutputHelper output)
{
    /// <summary>So many say far more than the pipe holds and than is kept for it.</summary>
    private const int Shouting = 60;

    [ServerFact("activemq")]
    public async Task A_full_log_pipe_costs_neither_pongs_nor_memory_nor_the_log_file_and_what_was_dropped_is_told_once_it_is_read()
    {
        using var folder = new TemporaryFolder();
        var logs = Directory.CreateDirectory(folder.At("logs")).FullName;
        var pipe = await UnreadPipe.MakeAsync(folder);
        await using var scene = await BoundsScene.SetAsync(broker, settings: $"log.file={logs}/agent.log");
        scene.Agent.Behind = pipe.Behind;
        scene.Agent.Launch();
        await scene.MeasureAsync(output, "a full log pipe", async pings =>
        {
            await ShoutAsync(scene, first: 0);
            await pings.MoreAsync();
        });

        // The file has a writer of its own. What came faster than it writes may be missing there too, so one request may be too early.
        var said = 0;
        do
        {
            await scene.SendAsync("say", ++said);
            Assert.Equal("ok", await scene.OutcomeAsync($"say-{said}"));
            Assert.InRange(said, 0, 2_000);
        }
        while (!Directory.GetFiles(logs).Any(f => File.ReadAllText(f).Contains($"it said {said}", StringComparison.Ordinal)));

        await pipe.ReadToAsync("log events were dropped while the log could not be written");
        await ShoutAsync(scene, first: Shouting);
        var watch = Stopwatch.StartNew();
        Assert.Equal(0, await scene.Agent.StopAsync());
        output.WriteLine($"stopped within {watch.Elapsed.TotalSeconds:0.0} s");
        Assert.InRange(watch.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(15));
    }

    private static async Task ShoutAsync(BoundsScene scene, int first)
    {
        for (var i = first; i < first + Shouting; i++)
        {
            await scene.SendAsync("shout", i);
        }

        for (var i = first; i < first + Shouting; i++)
        {
            Assert.Equal("ok", await scene.OutcomeAsync($"shout-{i}"));
        }
    }
}
