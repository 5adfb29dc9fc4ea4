using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.StompPy;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Systemd;

/// <summary>What the unit delegates is used: each doer has a cgroup, also over a crash, and is ended with it.</summary>
[Collection(nameof(Broker))]
public sealed class DelegatedTests(Broker broker) : IAsyncLifetime
{
    /// <summary>The unit's cgroup, as its systemd has it.</summary>
    public const string Own = $"/sys/fs/cgroup/system.slice/{ServiceScene.Unit}";

    private ServiceScene _scene = null!;
    private StompPyListener _listener = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("systemd", "activemq", "python3-stomp") is null)
        {
            _scene = await ServiceScene.SetAsync(broker.Plain);
            _listener = await _scene.ListenAsync();
        }
    }

    public async Task DisposeAsync()
    {
        if (_scene is not null)
        {
            await _listener.DisposeAsync();
            await _scene.DisposeAsync();
        }
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task After_a_stop_that_was_meant_what_no_scan_finds_is_ended_too()
    {
        await _scene.StartAsync();
        await _scene.SendAsync("""{"msg_type":"escape","key":"1","request_id":"hides"}""");
        var doer = await _scene.DoerRunsAsync("1");
        var escaped = await _scene.DoerRunsAsync("1-escaped");
        var cgroup = "";
        await Eventually.HoldsAsync(
            () => (cgroup = CgroupOfAsync(doer).GetAwaiter().GetResult()).Contains("doer-", StringComparison.Ordinal), "the doer is brought in");
        Assert.Matches($"^0::/system[.]slice/{ServiceScene.Unit}/doer-[0-9a-f]+:hides:1$", cgroup);
        await Eventually.HoldsAsync(() => CgroupOfAsync(escaped).GetAwaiter().GetResult() == cgroup, "what it has started at once is brought in");

        // Another agent takes the doer over; the cgroup is as it was.
        await _scene.SignalAsync("SIGKILL");
        await _scene.BecomesAsync("NRestarts", "1");
        await _scene.BecomesAsync("ActiveState", "active");
        Assert.True(await _scene.LivesAsync(escaped), _scene.Log);
        Assert.Equal(cgroup, await CgroupOfAsync(escaped));

        await _scene.Systemd.CtlAsync("stop", "--no-block", ServiceScene.Unit);
        await _scene.BecomesAsync("ActiveState", "deactivating");
        await _scene.SignalAsync("SIGKILL");
        await _scene.BecomesAsync("ActiveState", "failed");
        Assert.Equal((false, false), (await _scene.LivesAsync(doer), await _scene.LivesAsync(escaped)));
        Assert.Contains("that doers had left; 0 could not be ended", _scene.Log, StringComparison.Ordinal);
    }

    [ServerFact("systemd", "activemq", "python3-stomp")]
    public async Task What_a_doer_leaves_is_ended_when_it_has_ended_itself()
    {
        await _scene.StartAsync();
        await _scene.SendAsync("""{"msg_type":"escape","key":"2","request_id":"leaves"}""");
        await _scene.DoerRunsAsync("2");
        var escaped = await _scene.DoerRunsAsync("2-escaped");
        await _scene.GoAsync();
        Assert.Equal("ok", (await _scene.SettlesAsync(_listener, "leaves"))["outcome"]);
        Assert.False(await _scene.LivesAsync(escaped));
        Assert.Equal("", (await _scene.Systemd.RunAsync("/usr/bin/find", Own, "-name", "doer-*")).Output);
    }

    private async Task<string> CgroupOfAsync(int pid) => (await _scene.Systemd.RunAsync("/usr/bin/cat", $"/proc/{pid}/cgroup")).Output
        .Split('\n').Single(static l => l.StartsWith("0::", StringComparison.Ordinal));
}
