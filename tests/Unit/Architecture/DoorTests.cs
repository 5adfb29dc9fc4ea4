using Xunit;

namespace OpsAgent.Tests.Unit.Architecture;

public sealed class DoorTests
{
    [Fact]
    public void The_shell_door_is_one_line() =>
        Assert.Equal("#!/bin/sh\nexec dotnet run --file \"$(dirname \"$0\")/build.cs\" -- \"$@\"\n", Checkout.Read("build.sh"));

    [Fact]
    public void The_powershell_door_is_one_line() => Assert.Equal(
        "#!/usr/bin/env pwsh\ndotnet run --file \"$PSScriptRoot/build.cs\" -- @args; exit $LASTEXITCODE\n",
        Checkout.Read("build.ps1"));

    [Fact]
    public void Continuous_integration_runs_the_readmes_test_command()
    {
        Assert.Contains("./build.sh test\n", Checkout.Read("README.md"), StringComparison.Ordinal);
        Assert.Equal("#!/bin/sh\nexec \"$(dirname \"$0\")/../build.sh\" test\n", Checkout.Read(".ci/run"));
    }

    [Theory]
    [InlineData("build.sh")]
    [InlineData("build.ps1")]
    [InlineData("build/servers.sh")]
    [InlineData(".ci/run")]
    public void A_door_can_be_run(string door)
    {
        if (!OperatingSystem.IsWindows())
        {
            Assert.True(File.GetUnixFileMode(Path.Combine(Checkout.Root, door)).HasFlag(UnixFileMode.UserExecute));
        }
    }

    [Fact]
    public void The_unit_starts_what_a_publish_leaves_and_stops_as_the_exit_codes_say()
    {
        var unit = Checkout.Read("systemd/epicprod-ops-agent.service").Split('\n');
        var start = Assert.Single(unit, line => line.StartsWith("ExecStart=", StringComparison.Ordinal));
        Assert.Matches("^ExecStart=/.*/bin/opsagent --environment-file /.*[.]env$", start);
        Assert.Contains($"{start.Replace("ExecStart=", "ExecStopPost=", StringComparison.Ordinal)} --end-leftovers %n", unit);
        Assert.Contains("Type=notify", unit);
        Assert.Contains("NotifyAccess=main", unit);
        Assert.Contains("KillMode=process", unit);
        Assert.Contains("Delegate=", unit);
        Assert.Contains("Restart=always", unit);
        Assert.Contains("RestartPreventExitStatus=100 78 64", unit);
        Assert.Contains("SuccessExitStatus=100", unit);
    }
}
