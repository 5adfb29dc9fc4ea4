using System.Text.Json;
using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd;

/// <summary>What an operator does at night, with the published agent and opsctl.</summary>
[Collection(nameof(Broker))]
public sealed class NightTests(Broker broker) : IAsyncLifetime
{
    private Scene _scene = null!;

    private string Config => _scene.Folder.At("prodops.toml");

    private string Ledger => Path.Combine(_scene.Agent.StateFolder, "ledger.db");

    public async Task InitializeAsync()
    {
        _scene = await Scene.SetAsync(broker, Manifests.Small);
        await _scene.Agent.StartAsync();
    }

    public async Task DisposeAsync() => await _scene.DisposeAsync();

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_pause_and_what_waits_for_its_end_outlive_a_killed_agent()
    {
        await OpsCtlAsync(0, "capability", "pause", "note", "--reason", "PanDA is down");
        await _scene.SendAsync("""{"msg_type":"note","n":"1","request_id":"paused-1"}""");
        await WhyAsync("paused-1", "is paused by");

        await _scene.Agent.KillAsync();
        await _scene.Agent.StartAsync();

        Assert.Contains("note", (await _scene.PingAsync())["paused"], StringComparison.Ordinal);
        Assert.Contains("PanDA is down", await OpsCtlAsync(1, "status"), StringComparison.Ordinal);
        await WhyAsync("paused-1", "is paused by");
        Assert.DoesNotContain(_scene.Settlements, static m => m["request_id"] == "paused-1");

        await OpsCtlAsync(0, "capability", "resume", "note");
        Assert.Equal("ok", (await _scene.SettlesAsync("paused-1"))["outcome"]);
        await OpsCtlAsync(0, "status");
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_run_is_followed_to_its_end_and_read_again_when_no_agent_runs()
    {
        await _scene.SendAsync("""{"msg_type":"note","n":"7","request_id":"told-7"}""");
        await WhyAsync("told-7", "");
        Assert.Contains("noted 7", await OpsCtlAsync(0, "logs", "-f", "told-7"), StringComparison.Ordinal);

        Assert.Equal(0, await _scene.Agent.StopAsync());
        var offline = await OpsCtlAsync(0, "logs", "told-7");
        Assert.Contains("noted 7", offline, StringComparison.Ordinal);
        Assert.Contains("no agent runs", offline, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_run_is_followed_while_it_prints_and_until_it_has_ended()
    {
        await _scene.SendAsync("""{"msg_type":"wait_for","key":"3","request_id":"told-3"}""");
        await WhyAsync("told-3", "");
        await using var follow = ChildProcess.Start(Deployment.OpsCtl, ["logs", "-f", "told-3"], _scene.Agent.Environment);
        await follow.WritesAsync("it waits");
        Assert.DoesNotContain(_scene.Settlements, static m => m["request_id"] == "told-3");
        Assert.False(follow.HasExited);

        await File.WriteAllTextAsync(Path.Combine(_scene.Agent.CacheFolder, "go"), "");
        Assert.Equal(0, await follow.ExitAsync());
        Assert.Contains("it has waited", follow.Output, StringComparison.Ordinal);
        Assert.Contains("end of output", follow.Output, StringComparison.Ordinal);
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_reload_takes_a_new_type_in_by_opsctl_and_by_SIGHUP_and_a_mistake_changes_nothing()
    {
        var before = await File.ReadAllTextAsync(Config);
        await File.WriteAllTextAsync(Config, before + Copy(before, "second"));
        Assert.Contains("added\tsecond", await OpsCtlAsync(0, "reload"), StringComparison.Ordinal);
        await RunsAsync("second");

        await File.WriteAllTextAsync(Config, before + Copy(before, "third"));
        _scene.Agent.Process.Signal(PosixSignalNumber.HangUp);
        await _scene.Agent.Process.WritesAsync("asked for by SIGHUP");
        await RunsAsync("third");

        await File.WriteAllTextAsync(Config, before.Replace("lane        = \"quick\"", "lane        = \"quik\"", StringComparison.Ordinal));
        var refused = await OpsCtlAsync(78, "reload");
        Assert.Contains($"{Config}:", refused, StringComparison.Ordinal);
        Assert.Contains("did you mean 'quick'", refused, StringComparison.Ordinal);
        await RunsAsync("third");
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_broken_ledger_stops_the_start_and_only_new_ledger_sets_it_aside()
    {
        Assert.Equal(0, await _scene.Agent.StopAsync());
        Assert.Contains("is not broken", (await NewLedgerAsync(64)), StringComparison.Ordinal);
        await File.WriteAllTextAsync(Ledger, new string('x', 20_000));

        _scene.Agent.Launch();
        Assert.Equal(78, await _scene.Agent.Process.ExitAsync());
        Assert.Contains("--new-ledger", _scene.Agent.Process.Output, StringComparison.Ordinal);

        await NewLedgerAsync(0);
        var aside = Assert.Single(Directory.GetFiles(_scene.Agent.StateFolder, "ledger.db.broken-*"));
        Assert.StartsWith("xxx", await File.ReadAllTextAsync(aside), StringComparison.Ordinal);
        await _scene.Agent.StartAsync();
        await RunsAsync("note");
    }

    /// <summary>The table of <c>note</c> under another name.</summary>
    private static string Copy(string config, string name)
    {
        var begin = config.IndexOf("[capability.note]", StringComparison.Ordinal);
        var end = config.IndexOf("[[capability.note.on.error]]", StringComparison.Ordinal);
        return "\n" + config[begin..end].Replace("capability.note", $"capability.{name}", StringComparison.Ordinal);
    }

    private async Task RunsAsync(string type)
    {
        var id = $"{type}-{Guid.NewGuid():N}";
        await _scene.SendAsync(JsonSerializer.Serialize(new { msg_type = type, n = "5", request_id = id }));
        Assert.Equal("ok", (await _scene.SettlesAsync(id))["outcome"]);
    }

    private async Task WhyAsync(string id, string cause) => await Eventually.HoldsAsync(
        () => _scene.Agent.OpsCtlAsync("work", "why", id).GetAwaiter().GetResult() is { ExitCode: 0 } why
            && why.Output.Contains(cause, StringComparison.Ordinal),
        $"{id} {cause}");

    private async Task<string> OpsCtlAsync(int code, params string[] arguments)
    {
        var run = await _scene.Agent.OpsCtlAsync(arguments);
        Assert.True(run.ExitCode == code, $"{run.ExitCode}: {run.Output}");
        return run.Output;
    }

    private async Task<string> NewLedgerAsync(int code)
    {
        await using var run = ChildProcess.Start(Deployment.Agent, ["--config", Config, "--new-ledger"], _scene.Agent.Environment);
        Assert.Equal(code, await run.ExitAsync());
        return run.Output;
    }
}
