using System.Text;
using System.Text.Json;
using OpsAgent.OpsCtl.Terminal;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class OutputFailureTests
{
    private readonly OpsCtlRun _run = new() { Writer = new FullDisk() };

    [Theory]
    [InlineData("--help")]
    [InlineData("--version")]
    [InlineData("send x")]
    [InlineData("capabilities check /nowhere.toml")]
    public async Task A_result_that_cannot_be_written_exits_with_1_and_says_why(string line)
    {
        Assert.Equal(1, await _run.RunAsync(line.Split(' ')));
        Assert.StartsWith("opsctl: the result can't be written: No space left on device\n  ", _run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain(" at OpsAgent", _run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task As_json_too()
    {
        Assert.Equal(1, await _run.RunAsync("send", "x", "-o", "json"));
        Assert.Contains("No space left", JsonDocument.Parse(_run.Error).RootElement.GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_defect_is_told_in_two_lines_and_exits_with_70()
    {
        _run.Bus.Connected = Task.FromException(new InvalidOperationException("nobody thought of this"));

        Assert.Equal(70, await _run.RunAsync("ping"));
        Assert.StartsWith("opsctl: unexpected InvalidOperationException: nobody thought of this\n  ", _run.Error, StringComparison.Ordinal);
        Assert.Equal(2, _run.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length);
    }

    private sealed class FullDisk : TextWriter
    {
        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value) => throw new OutputFailedException("No space left on device");
    }
}
