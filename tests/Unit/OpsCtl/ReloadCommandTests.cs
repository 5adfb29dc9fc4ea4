using OpsAgent.Agent.Control;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl reload against a real door on a real socket.</summary>
public sealed class ReloadCommandTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();
    private readonly OpsCtlRun _run = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task What_changed_is_told_and_who_asked_is_known()
    {
        _door.Reload.Answer = new ReloadAnswer("/a.toml", true, [], ["x", "y"], [], ["z"], [new LaneChange("fetch", 4, 6)], ["broker.host"]);

        Assert.Equal(0, await _run.RunAsync("reload"));

        Assert.Equal(
            [
                "/a.toml: reloaded", "added\tx, y", "changed\tz", "lanes\tfetch 4 -> 6",
                "not in force before a restart of the agent: broker.host",
            ],
            _run.Lines);
        Assert.StartsWith("uid ", Assert.Single(_door.Reload.Asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Nothing_new_is_said_too()
    {
        Assert.Equal(0, await _run.OnTerminal().RunAsync("reload"));
        Assert.Equal("/etc/agent.toml: reloaded; nothing has changed", Assert.Single(_run.Lines));
    }

    [Fact]
    public async Task Mistakes_are_shown_with_their_place_and_end_with_78()
    {
        _door.Reload.Answer = new ReloadAnswer("/a.toml", false, ["/a.toml:3:1: no", "/a.toml:9:1: nor this"], [], [], [], [], []);

        Assert.Equal(78, await _run.RunAsync("reload"));

        Assert.Equal(["/a.toml:3:1: no", "/a.toml:9:1: nor this", "/a.toml: not reloaded: 2 mistakes; what was in force stays"], _run.Lines);
    }

    [Fact]
    public async Task Without_an_agent_there_is_nothing_to_reload()
    {
        _run.Environment["OPSAGENT_STATE_DIR"] = "/nowhere";

        Assert.Equal(69, await _run.RunAsync("reload"));
    }
}
