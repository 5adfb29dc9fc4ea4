using System.Text;
using OpsAgent.Abstractions;
using OpsAgent.Agent.Launching;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Launching;

public sealed class DoerMarkTests
{
    [Theory]
    [InlineData("OPSAGENT_MARK=s:r:1", true)]
    [InlineData("OPSAGENT_MARK=s:r:12", false)]
    [InlineData("OPSAGENT_MARK=s:r:2", false)]
    [InlineData("OPSAGENT_MARK=t:r:1", false)]
    [InlineData("XOPSAGENT_MARK=s:r:1", false)]
    [InlineData("OPSAGENT_MARK=", false)]
    [InlineData("", false)]
    public void The_mark_of_an_attempt_is_that_attempts_alone(string entry, bool matches) =>
        Assert.Equal(matches, DoerMark.Of("s", new RequestId("r"), 1).Matches(Encoding.UTF8.GetBytes(entry), out _));

    [Theory]
    [InlineData("OPSAGENT_MARK=s:r:1", true)]
    [InlineData("OPSAGENT_MARK=s:q:7", true)]
    [InlineData("OPSAGENT_MARK=ss:r:1", false)]
    [InlineData("OPSAGENT_MARK=t:s:r:1", false)]
    public void The_mark_of_a_state_folder_takes_all_its_doers_and_no_other_s(string entry, bool matches) =>
        Assert.Equal(matches, DoerMark.OfState("s").Matches(Encoding.UTF8.GetBytes(entry), out _));

    [Theory]
    [InlineData("OPSAGENT_MARK=s:r:1", 1)]
    [InlineData("OPSAGENT_MARK=s:r:20", 20)]
    [InlineData("OPSAGENT_MARK=s:r:1:1", 0)]
    [InlineData("OPSAGENT_MARK=s:r:", 0)]
    [InlineData("OPSAGENT_MARK=s:r:x", 0)]
    [InlineData("OPSAGENT_MARK=s:r:-1", 0)]
    [InlineData("OPSAGENT_MARK=s:r:99999999999", 0)]
    [InlineData("OPSAGENT_MARK=s:rr:1", 0)]
    public void The_mark_of_a_request_takes_its_attempts_and_no_other_request(string entry, int attempt)
    {
        var matches = DoerMark.OfAnyAttempt("s", new RequestId("r")).Matches(Encoding.UTF8.GetBytes(entry), out var found);
        Assert.Equal(attempt > 0, matches);
        Assert.Equal(attempt, matches ? found : 0);
    }

    [Fact]
    public void A_state_is_named_by_its_folder_and_shows_nothing_of_it()
    {
        var id = StateIds.Of("/var/lib/opsagent/");
        Assert.Equal(id, StateIds.Of("/var/lib/x/../opsagent"));
        Assert.NotEqual(id, StateIds.Of("/var/lib/opsagent2"));
        Assert.Matches("^[0-9a-f]{16}$", id);
    }
}
