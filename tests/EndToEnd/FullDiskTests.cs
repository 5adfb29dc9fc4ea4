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
}
