using OpsAgent.OpsCtl.Guard;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl.Guard;

public sealed class UnitStateTests
{
    [Theory]
    [InlineData("active", "running", "success", 0, 0, 0, null)]
    [InlineData("activating", "start", "success", 0, 0, 0, "it is activating (start)")]
    [InlineData("activating", "auto-restart", "signal", 2, 9, 1, "it is activating (auto-restart)")]
    [InlineData("deactivating", "stop-sigterm", "success", 0, 0, 0, "it is deactivating (stop-sigterm)")]
    [InlineData("inactive", "dead", "success", 1, 0, 0, "it is inactive: an administrator stopped it, or never started it")]
    [InlineData("inactive", "dead", "success", 1, 100, 0, "it ended with 100: it was stopped over the bus")]
    [InlineData("failed", "failed", "exit-code", 1, 100, 0, "it ended with 100: it was stopped over the bus")]
    [InlineData("failed", "failed", "exit-code", 1, 78, 9, "it ended with 78, which a start would not mend: see its log")]
    [InlineData("failed", "failed", "exit-code", 1, 64, 0, "it ended with 64, which a start would not mend: see its log")]
    [InlineData("failed", "failed", "timeout", 2, 9, 0, "it failed while it was being stopped (timeout): an administrator stopped it")]
    [InlineData("failed", "failed", "signal", 2, 100, 0, "it failed while it was being stopped (signal): an administrator stopped it")]
    [InlineData("failed", "failed", "start-limit-hit", 1, 1, 0, null)]
    [InlineData("failed", "failed", "exit-code", 1, 1, 5, null)]
    [InlineData("failed", "failed", "signal", 2, 9, 6, null)]
    public void A_unit_is_left_alone_when_its_state_was_meant(string active, string sub, string result, int code, int status, int restarts, string? reason)
    {
        var unit = UnitState.Parse($"""
            LoadState=loaded
            ActiveState={active}
            SubState={sub}
            Result={result}
            MainPID=0
            ExecMainCode={code}
            ExecMainStatus={status}
            NRestarts={restarts}
            StartLimitBurst=5
            StateDirectory=opsagent other
            """);
        Assert.Equal(reason, unit.WhyLeave(100));
        Assert.Equal("/var/lib/opsagent", unit.StateFolder);
    }

    [Theory]
    [InlineData(119, true)]
    [InlineData(121, false)]
    public void Restarts_of_long_ago_do_not_make_an_administrator_s_stop_a_failure(int secondsLived, bool isFailure)
    {
        var unit = UnitState.Parse($"""
            LoadState=loaded
            ActiveState=failed
            SubState=failed
            Result=timeout
            ExecMainCode=2
            ExecMainStatus=9
            NRestarts=7
            StartLimitBurst=5
            ExecMainStartTimestampMonotonic=5000000
            ExecMainExitTimestampMonotonic={5_000_000 + (secondsLived * 1_000_000L)}
            """);

        Assert.Equal(isFailure ? null : "it failed while it was being stopped (timeout): an administrator stopped it", unit.WhyLeave(100));
    }

    [Fact]
    public void A_unit_that_is_not_there_is_left() =>
        Assert.Equal("systemd has no such unit (not-found)", UnitState.Parse("LoadState=not-found\nActiveState=inactive\n").WhyLeave(100));
}
