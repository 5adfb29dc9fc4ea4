using System.Text.Json;
using OpsAgent.OpsCtl;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Guard;

public sealed class LivenessTests : IDisposable
{
    private static readonly string[] Restart = ["reset-failed -- epicprod-ops-agent.service", "restart --no-block -- epicprod-ops-agent.service"];

    private readonly FakeSystemd _systemd = new();
    private readonly OpsCtlRun _run;
    private readonly FakeTime _time = new();

    public LivenessTests() => _run = _systemd.Run();

    public void Dispose() => _systemd.Dispose();

    [Fact]
    public async Task A_pong_is_all_that_is_asked_for()
    {
        _run.Bus.OnSent = static (bus, body) => bus.Deliver(body.GetProperty("reply_to").GetString()!, """{"msg_type":"pong"}""");
        Assert.StartsWith("guard: liveness: leave: epicprod-ops-agent.service answers: ", await GuardAsync(), StringComparison.Ordinal);
        Assert.Single(_run.Bus.Sent);
        Assert.Empty(_systemd.Orders);
    }

    [Fact]
    public async Task Only_the_second_silence_in_a_row_restarts_the_unit()
    {
        _run.Bus.OnSent = OnlyOwn;
        var first = await GuardAsync();
        Assert.True(first.Contains(": wait: no pong within 0.1 s, though the guard's own message came back; it has no local door; ", StringComparison.Ordinal), first);
        Assert.Empty(_systemd.Orders);

        Assert.Contains(": restart: epicprod-ops-agent.service, pid 0: twice in a row no pong", await GuardAsync(), StringComparison.Ordinal);
        Assert.Equal(Restart, _systemd.Orders);

        // It is given the time to start: the count begins anew.
        Assert.Contains(": wait: ", await GuardAsync(), StringComparison.Ordinal);
        Assert.Equal(2, _systemd.Orders.Count);
    }

    [Theory]
    [InlineData("a pong between")]
    [InlineData("another process")]
    [InlineData("too long ago")]
    [InlineData("the broker was away")]
    [InlineData("the memory is spoilt")]
    public async Task Two_silences_are_not_in_a_row_when(string between)
    {
        _run.Bus.OnSent = OnlyOwn;
        await GuardAsync();
        switch (between)
        {
            case "a pong between":
                _run.Bus.OnSent = static (bus, body) => bus.Deliver(body.GetProperty("reply_to").GetString()!, "{}");
                await GuardAsync();
                break;
            case "another process":
                _systemd.Is("active", "running", int.MaxValue);
                break;
            case "too long ago":
                _run.Time = _time;
                _time.Advance(TimeSpan.FromDays(20_000));
                break;
            case "the broker was away":
                _run.Bus.OnSent = static (_, _) => { };
                Assert.Contains("it is the broker", await GuardAsync(), StringComparison.Ordinal);
                break;
            default:
                await File.WriteAllTextAsync(_run.Environment["EPICPROD_GUARD_MEMORY"], "{");
                break;
        }

        _run.Time = TimeProvider.System;
        _run.Bus.OnSent = OnlyOwn;
        if (between != "too long ago")
        {
            Assert.Contains(": wait: ", await GuardAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(_systemd.Orders);
    }

    [Theory]
    [InlineData("activating")]
    [InlineData("deactivating")]
    [InlineData("inactive")]
    public async Task What_is_meant_is_left_without_a_ping(string active)
    {
        _systemd.Is(active, "x", 0);
        for (var run = 0; run < 3; run++)
        {
            Assert.Contains($"liveness: leave: epicprod-ops-agent.service is left as it is: it is {active}", await GuardAsync(), StringComparison.Ordinal);
        }

        Assert.Empty(_run.Bus.Sent);
        Assert.Empty(_systemd.Orders);
    }

    [Fact]
    public async Task A_broker_that_can_t_be_reached_is_no_agent_that_hangs()
    {
        _run.Bus.ConnectFails = new OpsCtlException(69, "nothing listens there", "look");
        await GuardAsync();
        Assert.Contains("leave: nothing is known of the agent: nothing listens there", await GuardAsync(), StringComparison.Ordinal);
        Assert.Empty(_systemd.Orders);
    }

    [Fact]
    public async Task A_dry_run_neither_restarts_nor_remembers()
    {
        _run.Bus.OnSent = OnlyOwn;
        Assert.Contains("(dry run) wait", await GuardAsync("--dry-run"), StringComparison.Ordinal);
        Assert.Contains("(dry run) wait", await GuardAsync("--dry-run"), StringComparison.Ordinal);
        await GuardAsync();
        Assert.Contains("(dry run) restart", await GuardAsync("--dry-run"), StringComparison.Ordinal);
        Assert.Empty(_systemd.Orders);
    }

    [Fact]
    public async Task Without_liveness_nothing_is_sent()
    {
        Assert.DoesNotContain("liveness", await GuardAsync("--no-liveness"), StringComparison.Ordinal);
        Assert.Empty(_run.Bus.Sent);
    }

    [Fact]
    public async Task Without_systemd_it_says_so_and_ends_with_0()
    {
        _run.Systemctl = "/nowhere/systemctl";
        Assert.Contains("guard: guard: skip: /nowhere/systemctl show", await GuardAsync(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("EPICPROD_OPS_UNIT", "-evil")]
    [InlineData("EPICPROD_OPS_UNIT", "a b")]
    [InlineData("EPICPROD_PING_TIMEOUT", "0")]
    [InlineData("EPICPROD_HEARTBEAT_FRESH_SEC", "soon")]
    [InlineData("SWF_MONITOR_URL", "ftp://x")]
    [InlineData("SWF_TMP_DIR", "relative")]
    [InlineData("EPICPROD_ENV_FILE", "/nowhere/env")]
    [InlineData("EPICPROD_GUARD_MEMORY", "/proc/nowhere/x")]
    public async Task Wrong_settings_are_78(string name, string value)
    {
        _run.Environment[name] = value;
        Assert.Equal(78, await _run.RunAsync("guard"));
    }

    private static void OnlyOwn(FakeOpsBus bus, JsonElement body)
    {
        if (body.GetProperty("msg_type").GetString() != "health_ping")
        {
            bus.Deliver(bus.Sent[^1].Destination, body.GetRawText());
        }
    }

    private async Task<string> GuardAsync(params string[] arguments)
    {
        _run.Clear();
        Assert.Equal(0, await _run.RunAsync(["guard", .. arguments]));
        Assert.Equal("", _run.Error);
        return _run.Lines.LastOrDefault(static l => !l.StartsWith("guard: reap", StringComparison.Ordinal)) ?? "";
    }
}
