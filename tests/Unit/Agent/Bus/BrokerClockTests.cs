using OpsAgent.Agent.Bus;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class BrokerClockTests
{
    private static readonly DateTimeOffset Now = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(3_600, 3_600)]
    [InlineData(-3_600, 0)]
    [InlineData(86_400L * 365, 86_400L * 365)]
    [InlineData(86_400L * 365 * 5_000, 86_400L * 36_500)]
    public void What_was_sent_after_it_came_shows_how_far_the_broker_is_ahead(long aheadSeconds, long believedSeconds)
    {
        var clock = new BrokerClock();
        clock.Observe(Now + TimeSpan.FromSeconds(aheadSeconds), Now);
        Assert.Equal(TimeSpan.FromSeconds(believedSeconds), clock.Ahead);
    }

    [Fact]
    public void The_newest_messages_count_and_one_without_a_time_says_nothing()
    {
        var clock = new BrokerClock();
        clock.Observe(Now + TimeSpan.FromHours(1), Now);
        clock.Observe(null, Now);
        Assert.Equal(TimeSpan.FromHours(1), clock.Ahead);
        for (var i = 1; i < BrokerClock.Newest; i++)
        {
            clock.Observe(Now, Now);
        }

        Assert.Equal(TimeSpan.FromHours(1), clock.Ahead);
        for (var i = 0; i <= BrokerClock.Newest; i++)
        {
            clock.Observe(Now, Now);
        }

        Assert.Equal(TimeSpan.Zero, clock.Ahead);
    }
}
