using OpsAgent.Stomp;
using OpsAgent.Stomp.Connection;
using Xunit;

namespace OpsAgent.Tests.Unit.Stomp;

public sealed class ReconnectPlanTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(0.8);
    private static readonly StompEndpoint[] Two = [new("a", 1), new("b", 2)];

    [Fact]
    public void The_first_round_is_tried_at_once_and_endpoints_come_in_turn()
    {
        var plan = new ReconnectPlan(Two, Longest);

        Assert.Equal([(Two[0], TimeSpan.Zero), (Two[1], TimeSpan.Zero)], new[] { plan.Next(), plan.Next() });
        var third = plan.Next();
        Assert.Equal(Two[0], third.Endpoint);
        Assert.InRange(third.Pause, TimeSpan.FromMilliseconds(25), TimeSpan.FromMilliseconds(50));
    }

    [Fact]
    public void Pauses_grow_to_the_limit_and_never_pass_it_and_differ()
    {
        var plan = new ReconnectPlan(Two[..1], Longest);
        var pauses = Enumerable.Range(0, 10_000).Select(_ => plan.Next().Pause).ToList();

        Assert.All(pauses, p => Assert.InRange(p, TimeSpan.Zero, Longest));
        Assert.All(pauses.Skip(10), p => Assert.True(p >= Longest / 2));
        Assert.True(pauses.Skip(10).Distinct().Count() > 100);
    }

    [Fact]
    public void After_a_good_connection_the_next_endpoint_is_tried_at_once()
    {
        var plan = new ReconnectPlan(Two, Longest);
        for (var i = 0; i < 5; i++)
        {
            plan.Next();
        }

        plan.HadGoodConnection();
        Assert.Equal((Two[1], TimeSpan.Zero), plan.Next());
        Assert.Equal(1, plan.Tried);
    }
}
