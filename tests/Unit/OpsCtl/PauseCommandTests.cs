using OpsAgent.Abstractions;
using OpsAgent.Agent.Work;
using OpsAgent.Tests.Unit.Agent.Control;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

/// <summary>opsctl capability against a real door on a real socket.</summary>
public sealed class PauseCommandTests : IAsyncLifetime
{
    private readonly DoorFixture _door = new();
    private readonly OpsCtlRun _run = new();

    public async Task InitializeAsync()
    {
        await _door.OpenAsync();
        _run.Environment["OPSAGENT_STATE_DIR"] = _door.Folder.FullName;
        _run.Time = _door.Time;
    }

    public Task DisposeAsync() => _door.CloseAsync();

    [Fact]
    public async Task A_pause_names_the_peer_that_the_kernel_names_and_its_reason()
    {
        Assert.Equal(0, await _run.RunAsync("capability", "pause", "fetch_payload_log", "--reason", "50% & more"));

        var paused = Assert.Single(_door.Pauses.Paused);
        Assert.Equal("50% & more", paused.Reason);
        Assert.Equal(Environment.UserName, paused.By);
        Assert.Equal(
            $"fetch_payload_log: paused (paused by {Environment.UserName} since 2026-08-05T12:00:00Z: 50% & more)", Assert.Single(_run.Lines));

        _run.Clear();
        Assert.Equal(0, await _run.RunAsync("capability", "resume", "fetch_payload_log"));
        Assert.StartsWith("fetch_payload_log: resumed", Assert.Single(_run.Lines), StringComparison.Ordinal);
        _run.Clear();
        Assert.Equal(0, await _run.RunAsync("capability", "resume", "fetch_payload_log"));
        Assert.Equal("fetch_payload_log: was not paused", Assert.Single(_run.Lines));
    }

    [Theory]
    [InlineData("pause")]
    [InlineData("resume")]
    public async Task A_type_that_the_agent_does_not_take_is_refused_with_those_that_it_takes(string change)
    {
        Assert.Equal(1, await _run.RunAsync("capability", change, "fetch_payload_lgo"));

        Assert.Contains("did you mean 'fetch_payload_log'", _run.Error, StringComparison.Ordinal);
        Assert.Contains("there are: fetch_payload_log", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_door.Pauses.Paused);
    }

    [Fact]
    public async Task A_pause_of_a_type_that_is_gone_can_be_ended()
    {
        _door.Pauses.Paused.Add(new PausedType(new MsgType("gone"), "alice", 1000, Moments.Start, ""));

        Assert.Equal(0, await _run.RunAsync("capability", "resume", "gone"));

        Assert.Empty(_door.Pauses.Paused);
    }

    [Fact]
    public async Task Status_and_why_tell_who_paused_since_when_and_why()
    {
        _door.Agent.Now = _door.Agent.Now with
        {
            Paused = [new PausedType(new MsgType("fetch_payload_log"), "alice", 1000, Moments.Start, "PanDA is down")],
        };
        _door.Work.Rows.Add(Moments.Row("a"));

        Assert.Equal(1, await _run.RunAsync("status"));
        Assert.Contains("health\tDEGRADED: fetch_payload_log is paused by alice", _run.Lines);
        Assert.Contains("paused fetch_payload_log\tpaused by alice since 2026-08-05T12:00:00Z: PanDA is down", _run.Lines);

        Assert.Equal(0, await _run.RunAsync("work", "why", "a"));
        Assert.Contains(
            "fetch_payload_log a: queued: fetch_payload_log is paused by alice since 2026-08-05T12:00:00Z: PanDA is down", _run.Lines);
    }

    [Fact]
    public async Task Without_an_agent_nothing_is_paused()
    {
        _run.Environment["OPSAGENT_STATE_DIR"] = "/nowhere";

        Assert.Equal(69, await _run.RunAsync("capability", "pause", "fetch_payload_log"));
    }
}
