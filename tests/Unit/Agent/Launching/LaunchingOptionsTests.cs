using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class LaunchingOptionsTests
{
    [Fact]
    public void Options_with_absolute_folders_and_a_state_are_right() => Assert.Empty(Right().Errors());

    [Fact]
    public void Every_error_is_named_at_once_with_its_key()
    {
        var options = Right();
        options.DoersFolder = "doers";
        options.WorkRoot = "";
        options.StateId = "a:b";
        options.MaxLineBytes = 0;
        options.MaxLoggedLines = -1;
        options.StdoutTailBytes = 1;
        Assert.Equal(
            ["DoersFolder", "WorkRoot", "StateId", "MaxLineBytes", "MaxLoggedLines", "StdoutTailBytes"],
            options.Errors().Select(static e => e[..e.IndexOf(':', StringComparison.Ordinal)]));
    }

    private static LaunchingOptions Right() => new() { DoersFolder = "/opt/doers", WorkRoot = "/run/work", StateId = "0af-1" };
}
