using OpsAgent.Agent.Hosting.Systemd;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting.Systemd;

public sealed class StopCauseTests
{
    [Theory]
    [InlineData("exited", "100", true)]
    [InlineData("exited", "0", false)]
    [InlineData("exited", "78", false)]
    [InlineData("killed", "100", false)]
    [InlineData("killed", "KILL", false)]
    public void Exit_100_is_an_end_by_message(string code, string status, bool meant) =>
        Assert.Equal(meant, StopCause.IsBusMessage(new Dictionary<string, string> { ["EXIT_CODE"] = code, ["EXIT_STATUS"] = status }));

    [Fact]
    public void Outside_of_systemd_nothing_is_meant() => Assert.False(StopCause.IsBusMessage(new Dictionary<string, string>()));

    [Theory]
    [InlineData("", false)]
    [InlineData("12 a.service stop running\n", true)]
    [InlineData("11 other.service stop running\n12 a.service stop waiting\n", true)]
    [InlineData("12 a.service restart running\n", false)]
    [InlineData("12 a.service start waiting\n", false)]
    [InlineData("12 aa.service stop running\n", false)]
    [InlineData("No jobs running.\n", false)]
    public void A_stop_job_of_the_unit_itself_says_that_it_is_meant(string jobs, bool meant) =>
        Assert.Equal(meant, StopCause.IsStopJob(jobs, "a.service"));
}
