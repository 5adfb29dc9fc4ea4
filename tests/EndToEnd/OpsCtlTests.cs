using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

[Collection(nameof(Broker))]
public sealed class OpsCtlTests(Broker broker) : IAsyncLifetime
{
    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        _scene = await Scene.SetAsync(broker, Manifests.Small);
        await _scene.Agent.StartAsync();
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [ServerFact("activemq", "python3-stomp")]
    public async Task Ping_measures_round_trips()
    {
        var run = await RunAsync("ping", "--count", "5", "--interval", "0");
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("p50", run.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Send_waits_for_the_settlement_and_its_exit_code_tells_the_outcome()
    {
        var good = await RunAsync("send", "note", "n=8", "--wait", "--request-id", "sent-8");
        Assert.True(good.ExitCode == 0, good.Output);
        Assert.Contains("ok", good.Output, StringComparison.Ordinal);

        var bad = await RunAsync("send", "note", "n=x", "--wait", "--no-check");
        Assert.Equal(1, bad.ExitCode);
        Assert.Contains("rejected", bad.Output, StringComparison.Ordinal);

        var told = await RunAsync("send", "note", "n=x", "--wait");
        Assert.Equal(64, told.ExitCode);
        Assert.Contains("note would be rejected: n must be", told.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Work_is_listed_shown_explained_and_cancelled_over_the_local_door()
    {
        await _scene.SendAsync("""{"msg_type":"wait_for","key":"1","request_id":"w-1"}""", """{"msg_type":"wait_for","key":"2","request_id":"w-2"}""");
        await Eventually.HoldsAsync(() => _scene.PingAsync().GetAwaiter().GetResult()["running"] == "1", "the first runs");

        var list = await RunAsync("work", "list", "-o", "json");
        Assert.True(list.ExitCode == 0, list.Output);
        Assert.Contains("w-1", list.Output, StringComparison.Ordinal);
        Assert.Contains("running", (await RunAsync("work", "show", "w-1")).Output, StringComparison.Ordinal);
        Assert.Contains("queued", (await RunAsync("work", "why", "w-2")).Output, StringComparison.Ordinal);

        foreach (var id in (string[])["w-2", "w-1"])
        {
            var cancel = await RunAsync("work", "cancel", id);
            Assert.True(cancel.ExitCode == 0, cancel.Output);
            Assert.Equal("cancelled", (await _scene.SettlesAsync(id))["outcome"]);
        }

        Assert.Equal("0", (await _scene.PingAsync())["running"]);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Status_is_one_json_object()
    {
        var status = await RunAsync("status", "-o", "json");
        Assert.True(status.ExitCode == 0, status.Output);
        Assert.Equal(_scene.Agent.Process.Pid, JsonDocument.Parse(status.Output).RootElement.GetProperty("pid").GetInt32());
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Capabilities_are_listed_and_checked_without_an_agent()
    {
        Assert.Contains("wait_for", (await RunAsync("capabilities", "list")).Output, StringComparison.Ordinal);
        Assert.Contains("append a number", (await RunAsync("capabilities", "show", "note")).Output, StringComparison.Ordinal);
        var bad = _scene.Folder.Write("bad.toml", "[capability.x]\ndoer = 5\n");
        var check = await _scene.Agent.OpsCtlAsync("capabilities", "check", bad);
        Assert.Equal(78, check.ExitCode);
        Assert.Contains($"{bad}:2:", check.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task Shutdown_stops_the_agent_with_100()
    {
        var run = await RunAsync("shutdown", "--yes");
        Assert.True(run.ExitCode == 0, run.Output);
        Assert.Equal(100, await _scene.Agent.Process.ExitAsync());
    }

    private Task<ProgramRun> RunAsync(params string[] arguments) => _scene.Agent.OpsCtlAsync([.. arguments, "--config", _scene.Folder.At("prodops.toml")]);
}
