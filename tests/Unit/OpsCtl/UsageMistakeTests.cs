using System.Text.Json;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class UsageMistakeTests
{
    private readonly OpsCtlRun _run = new();

    [Theory]
    [InlineData("stats", "there is no command 'stats'; did you mean 'status'?", "see opsctl --help")]
    [InlineData("frobnicate", "there is no command 'frobnicate'", "see opsctl --help")]
    [InlineData("work lst", "work has no command 'lst'; did you mean 'list'?", "see opsctl work --help")]
    [InlineData("work", "work: a command is missing: list, show, why, cancel, settle, retry", "see opsctl work --help")]
    [InlineData("status --wach", "status has no option '--wach'; did you mean '--watch'?", "see opsctl status --help")]
    [InlineData("work list --stat running", "list has no option '--stat'; did you mean '--state'?", "see opsctl work list --help")]
    [InlineData("ping --quue /queue/x", "ping has no option '--quue'; did you mean '--queue'?", "see opsctl ping --help")]
    [InlineData("status now", "status takes no further word: 'now'", "see opsctl status --help")]
    [InlineData("ping --timeout", "--timeout needs a value", "see opsctl ping --help")]
    [InlineData("ping --timeout 1 --timeout 2", "--timeout is given twice", "see opsctl ping --help")]
    [InlineData("ping --timeout soon", "--timeout: 'soon' is no duration: write for example 500ms, 1s or 2m", "see opsctl ping --help")]
    [InlineData("ping --count few", "--count: 'few' must be a number of 0 or more", "see opsctl ping --help")]
    [InlineData("ping --port 70000", "--port: '70000' must be a number from 1 to 65535", "see opsctl ping --help")]
    [InlineData("work list --limit 0", "--limit: '0' must be a number from 1 to 1000", "see opsctl work list --help")]
    [InlineData("work list --state ruining", "--state: 'ruining' must be one of queued, starting, running, doubt, settled; did you mean 'running'?", "see opsctl work list --help")]
    [InlineData("status -o xml", "--output: 'xml' must be text or json", "see opsctl status --help")]
    [InlineData("status -o jsn", "--output: 'jsn' must be text or json; did you mean 'json'?", "see opsctl status --help")]
    [InlineData("status --interval 1ms", "--interval: 1ms is too short, the least is 0.1s", "see opsctl status --help")]
    [InlineData("work show", "the request_id is missing", "see opsctl work show --help")]
    public async Task A_mistake_is_told_in_one_line_and_help_in_the_next(string line, string message, string advice)
    {
        Assert.Equal(64, await _run.RunAsync(line.Split(' ')));
        Assert.Equal($"opsctl: {message}\n  {advice}\n", _run.Error);
        Assert.Equal("", _run.Out);
    }

    [Theory]
    [InlineData("-o json stats")]
    [InlineData("stats -o json")]
    [InlineData("status -o json now")]
    [InlineData("status -ojson now")]
    [InlineData("status --output=json now")]
    [InlineData("status --output json --timeout 3s")]
    [InlineData("ping --count few -o json")]
    [InlineData("work -o json")]
    public async Task With_json_on_the_line_a_mistake_is_json_too(string line)
    {
        Assert.Equal(64, await _run.RunAsync(line.Split(' ')));

        var error = JsonDocument.Parse(_run.Error).RootElement;
        Assert.Equal(["error", "advice"], error.EnumerateObject().Select(static m => m.Name));
        Assert.Contains("--help", error.GetProperty("advice").GetString(), StringComparison.Ordinal);
        Assert.Equal("", _run.Out);
    }

    [Fact]
    public async Task On_a_terminal_long_messages_are_broken_between_words()
    {
        _run.OnTerminal(columns: 40);

        Assert.Equal(2, await _run.RunAsync("status", "--state-dir", "/nowhere/at/all"));

        Assert.Equal("opsctl: no agent listens at", _run.Error.Split('\n')[0]);
        Assert.All(_run.Error.Split('\n'), static l => Assert.InRange(l.Length, 0, 40));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("", true)]
    [InlineData("1", false)]
    [InlineData("0", false)]
    public async Task NO_COLOR_set_to_anything_but_nothing_switches_colors_off(string? value, bool colors)
    {
        _run.OnTerminal(colors: true);
        if (value is not null)
        {
            _run.Environment["NO_COLOR"] = value;
        }

        Assert.Equal(64, await _run.RunAsync("stats"));

        Assert.Equal(colors, _run.Error.Contains("\u001b[31mopsctl:\u001b[0m", StringComparison.Ordinal));
    }
}
