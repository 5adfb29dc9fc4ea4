using OpsAgent.OpsCtl;
using OpsAgent.OpsCtl.CommandLine;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class CommandLineTests
{
    private readonly OpsCtlRun _run = new();

    [Theory]
    [InlineData("pong")]
    [InlineData("ping", "--count", "-1")]
    [InlineData("ping", "--count", "few")]
    [InlineData("ping", "--interval", "soon")]
    [InlineData("send")]
    [InlineData("work")]
    [InlineData("work", "show")]
    [InlineData("work", "list", "--limit", "0")]
    [InlineData("work", "list", "--limit", "many")]
    [InlineData("work", "list", "--state", "asleep")]
    [InlineData("status", "-o", "xml")]
    [InlineData]
    public async Task A_command_line_that_makes_no_sense_exits_with_64_and_points_to_help(params string[] arguments)
    {
        Assert.Equal(64, await _run.RunAsync(arguments));
        Assert.StartsWith("opsctl: ", _run.Error, StringComparison.Ordinal);
        Assert.Contains("--help", _run.Error, StringComparison.Ordinal);
        Assert.Empty(_run.Out);
    }

    [Theory]
    [InlineData("ping")]
    [InlineData("send")]
    [InlineData("watch")]
    [InlineData("capabilities")]
    [InlineData("capabilities", "list")]
    [InlineData("capabilities", "show")]
    [InlineData("capabilities", "check")]
    [InlineData("status")]
    [InlineData("work")]
    [InlineData("work", "list")]
    [InlineData("work", "show")]
    [InlineData("work", "why")]
    [InlineData("work", "cancel")]
    [InlineData("shutdown")]
    public async Task Every_command_has_help_with_examples_that_parse(params string[] path)
    {
        Assert.Equal(0, await _run.RunAsync([.. path, "--help"]));

        var examples = _run.Out[_run.Out.IndexOf("Examples:", StringComparison.Ordinal)..].Split('\n').Skip(1)
            .Select(l => l.Trim()).Where(l => l.Length > 0).ToList();
        Assert.NotEmpty(examples);
        foreach (var example in examples)
        {
            var words = example.Split(['|', '#'])[0].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal("opsctl", words[0]);
            var asked = new OpsCtlRun();

            // With --help nothing is done, but the whole line is parsed, and a wrong one is refused.
            Assert.Equal(0, await asked.RunAsync([.. words[1..], "--help"]));
            Assert.DoesNotContain("nrecognized", asked.Error, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Help_documents_every_exit_code()
    {
        Assert.Equal(0, await _run.RunAsync("--help"));

        foreach (var (code, meaning) in ExitCode.All)
        {
            Assert.Contains($"{code}  {meaning}", _run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task An_error_is_json_on_stderr_when_json_is_asked_for()
    {
        Assert.Equal(2, await _run.RunAsync("status", "-o", "json", "--state-dir", "/nowhere"));

        var error = System.Text.Json.JsonDocument.Parse(_run.Error).RootElement;
        Assert.Contains("/nowhere/control.sock", error.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.NotEmpty(error.GetProperty("advice").GetString()!);
        Assert.Empty(_run.Out);
    }

    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("0", 0)]
    [InlineData("0s", 0)]
    [InlineData("2", 2)]
    [InlineData("1.5s", 1.5)]
    [InlineData("2m", 120)]
    [InlineData("1h", 3600)]
    [InlineData("240h", 864000)]
    public void Durations_are_read(string text, double seconds)
    {
        Assert.True(DurationText.TryParse(text, out var duration));
        Assert.Equal(TimeSpan.FromSeconds(seconds), duration);
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-1s")]
    [InlineData("1d")]
    [InlineData("1sm")]
    [InlineData("1e3")]
    [InlineData("NaN")]
    [InlineData("Infinity")]
    [InlineData("241h")]
    [InlineData("99999999999999999999h")]
    public void What_is_no_duration_is_refused(string text) => Assert.False(DurationText.TryParse(text, out _));
}
