using OpsAgent.Tests.Support;
using OpsAgent.Tests.Support.Agents;
using Xunit;

namespace OpsAgent.Tests.EndToEnd.Confinement;

/// <summary>
/// The limits of doers, reached and overstepped. The agent runs as a user that is nobody else's: processes are counted for each user, and
/// root's are not.
/// </summary>
[Collection(nameof(Broker))]
public sealed class LimitsTests(Broker broker) : IAsyncLifetime
{
    private const string User = "64655";

    private Scene _scene = null!;

    public async Task InitializeAsync()
    {
        if (ServersHere.Missing("activemq", "python3-stomp") is not null)
        {
            return;
        }

        _scene = await Scene.SetAsync(broker, LimitedManifest.Of);
        _scene.Agent.Behind = ["/usr/bin/setpriv", $"--reuid={User}", $"--regid={User}", "--clear-groups"];
        await using var chown = ChildProcess.Start("/usr/bin/chown", ["-R", $"{User}:{User}", _scene.Folder.Path], new Dictionary<string, string>());
        Assert.Equal(0, await chown.ExitAsync());
        await _scene.Agent.StartAsync();
    }

    public async Task DisposeAsync()
    {
        if (_scene is not null)
        {
            await _scene.DisposeAsync();
        }
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_doer_finds_its_limits_and_can_raise_none()
    {
        await SendAsync("measured");
        Assert.Equal("ok", (await _scene.SettlesAsync("measured"))["outcome"]);

        // The one of processor time is hard 5 s after SIGXCPU.
        Assert.Equal(
            ["n 256 256", $"u {LimitedManifest.Processes} {LimitedManifest.Processes}", "v 1048576 1048576", "c 0 0", "t 60 65", "measured"],
            await File.ReadAllLinesAsync(_scene.Agent.At("limits")));
        await AgentGoesOnAsync();
    }

    [ServerTheory("activemq", "python3-stomp")]
    [InlineData("opens", "[Errno 24] Too many open files")]
    [InlineData("hoards", "MemoryError")]
    [InlineData("burns", "SIGXCPU")]
    [InlineData("fills", "SIGXFSZ")]
    [InlineData("aborts", "SIGABRT")]
    public async Task What_takes_more_than_it_may_fails_leaves_no_core_and_the_agent_goes_on(string type, string reason)
    {
        await SendAsync(type);
        var settled = await _scene.SettlesAsync(type);

        Assert.Equal("error", settled["outcome"]);
        Assert.Contains(reason, settled["reason"], StringComparison.Ordinal);
        Assert.DoesNotContain(Directory.GetFiles(_scene.Agent.CacheFolder), static f => Path.GetFileName(f).StartsWith("core", StringComparison.Ordinal));
        Assert.True(!File.Exists(_scene.Agent.At("filled")) || new FileInfo(_scene.Agent.At("filled")).Length == 1 << 20);
        await AgentGoesOnAsync();
    }

    [ServerFact("activemq", "python3-stomp")]
    public async Task A_doer_that_forks_on_and_on_is_refused_more_and_holds_neither_the_agent_nor_the_next_doer()
    {
        await SendAsync("forks");
        await Eventually.HoldsAsync(() => File.Exists(_scene.Agent.At("forked")), () => $"it forks: {_scene.Agent.Process.Output}");
        Assert.InRange(int.Parse(await File.ReadAllTextAsync(_scene.Agent.At("forked"))), 1, LimitedManifest.Processes - 2);

        // While all that the user may have of processes is taken: by the limit of that run, not of the agent.
        await AgentGoesOnAsync();
        await File.WriteAllTextAsync(_scene.Agent.At("go"), "");
        var settled = await _scene.SettlesAsync("forks");
        Assert.Equal("error", settled["outcome"]);
        Assert.Contains("Resource temporarily unavailable", settled["reason"], StringComparison.Ordinal);
    }

    private Task SendAsync(string type) => _scene.SendAsync($$"""{"msg_type":"{{type}}","key":1,"request_id":"{{type}}"}""");

    private async Task AgentGoesOnAsync()
    {
        await _scene.PingAsync();
        await SendAsync("free");
        Assert.Equal("ok", (await _scene.SettlesAsync("free"))["outcome"]);
        Assert.Equal(0, (await _scene.Agent.OpsCtlAsync("work", "list")).ExitCode);
    }
}
