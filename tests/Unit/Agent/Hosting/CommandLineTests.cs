using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class CommandLineTests
{
    [Fact]
    public void Settings_and_file_are_read_in_both_forms()
    {
        var line = CommandLine.Parse(["--config", "/a.toml", "--set=broker.port=61613", "--set", "broker.host=x=y"]);
        Assert.Null(line.Error);
        Assert.Equal("/a.toml", line.ConfigFile);
        Assert.Equal([new("broker.port", "61613"), new("broker.host", "x=y")], line.Settings);
        Assert.Equal(CommandAction.Run, line.Action);
    }

    [Fact]
    public void Standalone_is_a_setting_that_is_printed_with_the_others()
    {
        var line = CommandLine.Parse(["--standalone", "--print-config"]);
        Assert.Null(line.Error);
        Assert.Equal([new("broker.standalone", "true")], line.Settings);
        Assert.Equal(CommandAction.PrintConfig, line.Action);
    }

    [Fact]
    public void The_end_of_leftovers_names_its_unit_and_an_environment_file_goes_with_any_action()
    {
        var line = CommandLine.Parse(["--environment-file", "/etc/env", "--end-leftovers", "a.service"]);
        Assert.Null(line.Error);
        Assert.Equal(("/etc/env", "EndLeftovers", "a.service"), (line.EnvironmentFile, line.Action.ToString(), line.Unit));
    }

    [Theory]
    [InlineData("--print-config", "PrintConfig")]
    [InlineData("--print-schema", "PrintSchema")]
    [InlineData("--check", "Check")]
    [InlineData("--version", "Version")]
    [InlineData("--help", "Help")]
    [InlineData("-h", "Help")]
    public void Actions_are_understood(string arg, string action)
    {
        Assert.Equal(action, CommandLine.Parse([arg]).Action.ToString());
    }

    [Theory]
    [InlineData("--config")]
    [InlineData("--set")]
    [InlineData("--environment-file")]
    [InlineData("--end-leftovers")]
    [InlineData("--set=novalue")]
    [InlineData("--check=yes")]
    [InlineData("--standalone=yes")]
    [InlineData("run")]
    [InlineData("--cfg=x")]
    public void Anything_else_is_an_error(string arg)
    {
        Assert.NotNull(CommandLine.Parse([arg]).Error);
    }
}
