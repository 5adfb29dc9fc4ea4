using OpsAgent.Agent.Bus;
using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class ChangeThrottleTests
{
    [Fact]
    public void A_few_changes_a_minute_are_told_and_the_rest_is_counted()
    {
        var time = new FakeTime();
        var throttle = new ChangeThrottle(time);

        Assert.Equal(6, Enumerable.Range(0, 100).Count(_ => throttle.MayTell(out var untold)));
        time.Advance(TimeSpan.FromMinutes(1));

        Assert.True(throttle.MayTell(out var silent));
        Assert.Equal(94, silent);
        Assert.True(throttle.MayTell(out silent));
        Assert.Equal(0, silent);
    }
}
