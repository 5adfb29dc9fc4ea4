using System.Text;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class FailureReasonTests
{
    [Theory]
    [InlineData("", "rc=3")]
    [InlineData("\n \n\t\n", "rc=3")]
    [InlineData("one\ntwo\n", "two")]
    [InlineData("one\n  two  \n\n", "two")]
    [InlineData("ERROR: a\nERROR: b\nbye\n", "ERROR: b")]
    [InlineData("CRITICAL x\nlast", "CRITICAL x")]
    [InlineData("a FATAL b\nlast", "a FATAL b")]
    [InlineData("ValueError: no\nlast", "ValueError: no")]
    [InlineData("System.Exception thrown\nlast", "System.Exception thrown")]
    [InlineData("error: lower case is no sign\nlast", "last")]
    [InlineData("Errors 5\nlast", "last")]
    public void The_reason_is_the_nearest_error_from_the_end_else_the_last_line(string stderr, string reason)
    {
        var lines = new ReasonLines();
        foreach (var line in stderr.Split('\n'))
        {
            lines.Take(Encoding.UTF8.GetBytes(line));
        }

        Assert.Equal(reason, FailureReason.Of(new ExitStatus(3, null), lines.Best));
    }

    [Fact]
    public void A_shorter_line_after_a_longer_one_is_not_mixed_with_it()
    {
        var lines = new ReasonLines();
        lines.Take("ERROR: a long line"u8);
        lines.Take("ERROR: b"u8);
        Assert.Equal("ERROR: b", lines.Best);
    }

    [Theory]
    [InlineData(9, "killed by signal SIGKILL")]
    [InlineData(15, "killed by signal SIGTERM")]
    [InlineData(31, "killed by signal SIGSYS")]
    [InlineData(33, "killed by signal signal 33")]
    [InlineData(34, "killed by signal SIGRTMIN")]
    [InlineData(40, "killed by signal SIGRTMIN+6")]
    public void A_signal_is_named_whatever_stderr_says(int signal, string reason) =>
        Assert.Equal(reason, FailureReason.Of(new ExitStatus(null, signal), "ERROR: x"));

    [Theory]
    [InlineData(EndCause.TimedOut, 180, "timed out after 180s")]
    [InlineData(EndCause.TimedOut, 0.5, "timed out after 0.5s")]
    [InlineData(EndCause.Silent, 30, "silent for 30s")]
    [InlineData(EndCause.Cancelled, 30, "cancelled")]
    internal void A_limit_is_named_with_its_seconds(EndCause cause, double seconds, string reason) =>
        Assert.Equal(reason, FailureReason.Of(cause, TimeSpan.FromSeconds(seconds)));
}
