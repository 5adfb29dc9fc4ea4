using OpsAgent.Tests.Facility.Hosting;
using OpsAgent.Tests.Facility.Monitor;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;
using Xunit.Abstractions;

namespace OpsAgent.Tests.EndToEnd.Bounds;

/// <summary>One thing fails at a time: pings are answered, memory stays bounded, and work goes on without a restart once it is over.</summary>
[Collection(nameof(Broker))]
public sealed class OneFailureTests(Broker broker, ITestOutputHelper output)
{
    [ServerFact("activemq")]
    public async Task A_ledger_that_another_program_has_locked_holds_requests_and_nothing_else()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await scene.SendAsync("quick", 0);
        Assert.Equal("ok", await scene.OutcomeAsync("quick-0"));

        await scene.MeasureAsync(output, "a locked ledger", async pings =>
        {
            await using var held = await LedgerLock.TakeAsync(scene.Agent.StateFolder);
            for (var i = 1; i <= 100; i++)
            {
                await scene.SendAsync("quick", i);
            }

            await scene.Agent.Process.WritesAsync("locked");
            await pings.MoreAsync();
            Assert.Single(scene.Settled);
            await held.LetGoAsync();
        });

        for (var i = 1; i <= 100; i++)
        {
            Assert.Equal("ok", await scene.OutcomeAsync($"quick-{i}"));
        }
    }

    [ServerFact("activemq")]
    public async Task Of_more_requests_than_a_locked_ledger_lets_it_hold_the_oldest_are_refused_and_the_rest_are_stored()
    {
        const int Held = 10_000;
        const int Over = 500;
        await using var scene = await BoundsScene.SetAsync(broker);
        await scene.Agent.StartAsync();
        await scene.MeasureAsync(output, "10,500 requests before a locked ledger", async pings =>
        {
            await using var held = await LedgerLock.TakeAsync(scene.Agent.StateFolder);
            for (var i = 0; i < Held + Over; i++)
            {
                await scene.SendAsync("held", i);
            }

            await Eventually.HoldsAsync(() => scene.Settled.Count >= Over, () => $"{Over} refusals, {scene.Settled.Count} so far");
            await pings.MoreAsync();
            await held.LetGoAsync();
            await scene.PongSaysAsync(p => p.GetProperty("queued").GetInt32() + scene.Settled.Count == Held + Over - 1, "all are stored or refused");
        });

        // A few more may have been taken out just when the writer had them in its hands.
        Assert.InRange(scene.Settled.Count, Over, Over + 10);
        Assert.All(scene.Settled.Values, s => Assert.Equal(
            ("rejected", "the agent can't store requests now and holds no more"), (s.GetProperty("outcome").GetString(), s.GetProperty("reason").GetString())));
    }

    [MountFact("activemq")]
    public async Task A_full_disk_under_the_cache_costs_no_pong_and_no_settlement()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        using var disk = SmallDisk.Mount(scene.Agent.CacheFolder, kilobytes: 256);
        await scene.Agent.StartAsync();
        var filling = disk.Fill();
        await scene.MeasureAsync(output, "a full disk under the cache", async pings =>
        {
            await WorkAsync(scene, pings, "marked", "error");
        });

        File.Delete(filling);
        await scene.SendAsync("marked", 99_999);
        await scene.OutcomeAsync("marked-99999");
        Assert.True(File.Exists(Path.Combine(scene.Agent.CacheFolder, "marks", "99999", ".error")));
    }

    [MountFact("activemq")]
    public async Task A_full_disk_under_the_ledger_holds_requests_until_there_is_room()
    {
        await using var scene = await BoundsScene.SetAsync(broker);
        Directory.CreateDirectory(scene.Agent.StateFolder);
        using var disk = SmallDisk.Mount(scene.Agent.StateFolder, kilobytes: 16_384);
        await scene.Agent.StartAsync();
        await scene.SendAsync("quick", 0);
        await scene.OutcomeAsync("quick-0");
        await scene.MeasureAsync(output, "a full disk under the ledger", async pings =>
        {
            var filling = disk.Fill();
            for (var i = 1; i <= 200; i++)
            {
                await scene.SendAsync("quick", i);
            }

            await scene.Agent.Process.WritesAsync("full");
            await pings.MoreAsync();
            File.Delete(filling);
            for (var i = 1; i <= 200; i++)
            {
                Assert.Equal("ok", await scene.OutcomeAsync($"quick-{i}"));
            }
        });
    }

    [MountFact("activemq")]
    public async Task A_full_disk_under_the_log_costs_nothing_but_lines_and_is_written_to_again()
    {
        using var folder = new TemporaryFolder();
        var logs = Directory.CreateDirectory(folder.At("logs")).FullName;
        using var disk = SmallDisk.Mount(logs, kilobytes: 256);
        await using var scene = await BoundsScene.SetAsync(broker, settings: $"log.file={logs}/agent.log");
        await scene.Agent.StartAsync();
        await scene.SendAsync("say", 0);
        await scene.OutcomeAsync("say-0");
        await scene.MeasureAsync(output, "a full disk under the log", async pings =>
        {
            var filling = disk.Fill();
            await WorkAsync(scene, pings, "say", "ok");
            File.Delete(filling);
        });

        // The file takes nothing for a moment after a write to it has failed, so one request may be too early.
        var said = 99_999;
        do
        {
            await scene.SendAsync("say", ++said);
            await scene.OutcomeAsync($"say-{said}");
            Assert.InRange(said, 0, 102_000);
        }
        while (!Directory.GetFiles(logs, "agent*.log").Any(f => File.ReadAllText(f).Contains($"it said {said}", StringComparison.Ordinal)));
    }

    [ClockFact]
    public async Task A_clock_that_jumps_ahead_and_back_costs_no_pong_and_no_request()
    {
        using var folder = new TemporaryFolder();
        var clock = new FakedClock(folder);
        await using var scene = await BoundsScene.SetAsync(broker, clock.Environment);
        await scene.Agent.StartAsync();
        await scene.MeasureAsync(output, "a clock that jumps", async pings =>
        {
            foreach (var (offset, n) in new[] { 0, 7_200, -7_200, 864_000, -864_000, 0 }.Select(static (o, i) => (o, i + 1)))
            {
                clock.Set($"{offset:+0;-0;+0}");
                await scene.ClockIsOffAsync(TimeSpan.FromSeconds(offset), first: n * 10_000 + 9_000);
                await scene.PongSaysAsync(static p => p.GetProperty("uptime_s").GetInt64() is >= 0 and < 3_600, "it is up no longer, nor less, for it");
                await WorkAsync(scene, pings, "quick", "ok", first: n * 10_000, during: 50);
            }
        });
    }

    [ServerFact("activemq")]
    public async Task A_monitor_that_hangs_costs_no_pong_and_no_record()
    {
        await using var facility = await FacilityStandIn.StartAsync();
        await using var scene = await BoundsScene.SetAsync(broker, new Dictionary<string, string>
        {
            ["SWF_MONITOR_URL"] = facility.MonitorUrl,
            ["SWF_API_TOKEN"] = facility.Monitor.Token,
            ["REQUESTS_CA_BUNDLE"] = facility.Credentials.AuthorityPath,
        });
        await scene.Agent.StartAsync();
        await scene.MeasureAsync(output, "a monitor that hangs", async pings =>
        {
            facility.Monitor.FaultEverywhere(new MonitorFault { Hang = true });
            await WorkAsync(scene, pings, "recorded", "ok");
        });

        Assert.Empty(facility.Monitor.Records);
        facility.Monitor.Recover();
        await Eventually.HoldsAsync(
            () => facility.Monitor.Records.Select(static r => (string?)r["message"]).Distinct().Count() == scene.Settled.Count,
            () => $"{facility.Monitor.Records.Count} records of {scene.Settled.Count}");
    }

    /// <summary>Requests by twenties, until there were so many pings meanwhile.</summary>
    private static async Task WorkAsync(BoundsScene scene, Pings pings, string type, string outcome, int first = 1, int during = Pings.Enough)
    {
        for (var until = pings.Count + during; pings.Count < until; first += 20)
        {
            for (var i = first; i < first + 20; i++)
            {
                await scene.SendAsync(type, i);
            }

            for (var i = first; i < first + 20; i++)
            {
                Assert.Equal(outcome, await scene.OutcomeAsync($"{type}-{i}"));
            }
        }
    }
}
