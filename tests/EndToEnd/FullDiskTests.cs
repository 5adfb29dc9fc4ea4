using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>The state on a file system that is full, which takes a mount of the test's own and so needs root.</summary>
[Collection(nameof(Broker))]
public sealed class FullDiskTests(Broker broker)
{
    [MountFact("activemq", "python3-stomp")]
    public async Task On_a_full_disk_pings_are_answered_and_requests_wait_until_there_is_room()
    {
        await using var scene = await Scene.SetAsync(broker, Manifests.Small);
        Directory.CreateDirectory(scene.Agent.StateFolder);
        using var disk = SmallDisk.Mount(scene.Agent.StateFolder, kilobytes: 2048);
        await scene.Agent.StartAsync();
        await scene.SendAsync("""{"msg_type":"note","n":"1","request_id":"before"}""");
        Assert.Equal("ok", (await scene.SettlesAsync("before"))["outcome"]);

        var filling = disk.Fill();
        await scene.SendAsync("""{"msg_type":"note","n":"2","request_id":"meanwhile"}""");
        Assert.Equal("pong", (await scene.PingAsync())["msg_type"]);
        Assert.DoesNotContain(scene.Settlements, m => m["request_id"] == "meanwhile" && m["outcome"] != "ok");
        File.Delete(filling);
        Assert.Equal("ok", (await scene.SettlesAsync("meanwhile"))["outcome"]);
    }

    [MountFact("activemq", "python3-stomp")]
    public Task What_must_not_run_twice_and_ends_on_a_full_disk_is_settled_once_there_is_room() => EndsOnFullDiskAsync(killed: false, "ok");

    // Its result found no room either, and nobody saw it end.
    [MountFact("activemq", "python3-stomp")]
    public Task What_must_not_run_twice_and_ends_on_a_full_disk_while_no_agent_runs_is_in_doubt() => EndsOnFullDiskAsync(killed: true, "unknown");

    [MountFact("activemq", "python3-stomp")]
    public async Task A_start_on_a_full_disk_answers_pings_and_takes_up_work_once_there_is_room()
    {
        await using var scene = await Scene.SetAsync(broker, Manifests.Small);
        Directory.CreateDirectory(scene.Agent.StateFolder);
        using var disk = SmallDisk.Mount(scene.Agent.StateFolder, kilobytes: 2048);
        var filling = disk.Fill();
        await scene.Agent.StartAsync();
        Assert.Equal("STARTING", (await scene.PingAsync())["state"]);

        await scene.SendAsync("""{"msg_type":"note","n":"3","request_id":"early"}""");
        File.Delete(filling);

        Assert.Equal("ok", (await scene.SettlesAsync("early"))["outcome"]);
        Assert.Equal(0, await scene.Agent.StopAsync());
    }

    private async Task EndsOnFullDiskAsync(bool killed, string outcome)
    {
        await using var scene = await Scene.SetAsync(broker, DrainManifest.Of);
        Directory.CreateDirectory(scene.Agent.StateFolder);
        using var disk = SmallDisk.Mount(scene.Agent.StateFolder, kilobytes: 2048);
        await scene.Agent.StartAsync();
        await scene.SendAsync("""{"msg_type":"once","key":"1","request_id":"once"}""");
        var told = Path.Combine(scene.Agent.CacheFolder, "once");
        await Eventually.HoldsAsync(() => File.Exists(told) && scene.PingAsync().GetAwaiter().GetResult()["running"] == "1", "it is known to run");

        var filling = disk.Fill();
        if (killed)
        {
            scene.Agent.Process.Signal(PosixSignalNumber.Kill);
            await scene.Agent.Process.ExitAsync();
        }

        await File.WriteAllTextAsync(Path.Combine(scene.Agent.CacheFolder, "go"), "");
        await Eventually.HoldsAsync(() => File.ReadAllLines(told).Length == 2, "its work is done");
        File.Delete(filling);
        if (killed)
        {
            await scene.Agent.StartAsync();
        }
        else
        {
            Assert.Equal("pong", (await scene.PingAsync())["msg_type"]);
        }

        Assert.Equal(outcome, (await scene.SettlesAsync("once"))["outcome"]);
        Assert.Equal(0, await scene.Agent.StopAsync());
        await scene.Agent.StartAsync();
        Assert.Equal("0", (await scene.PingAsync())["running"]);
        Assert.Equal(["start", "end"], File.ReadAllLines(told).Select(static line => line.Split(' ')[0]));
    }
}
