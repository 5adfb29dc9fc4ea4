using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class LaneSlotsTests
{
    private static readonly Dictionary<string, int> Wanted = new() { ["fetch"] = 4, ["submit"] = 2, ["sweep"] = 1 };

    [Theory]
    [InlineData(7, 4, 2, 1)]
    [InlineData(14, 8, 4, 2)]
    [InlineData(4, 2, 1, 1)]
    [InlineData(1, 1, 1, 1)]
    public void Slots_are_shared_in_proportion_with_at_least_one_each(int total, int fetch, int submit, int sweep)
    {
        var shared = LaneSlots.Share(Wanted, total);
        Assert.Equal((fetch, submit, sweep), (shared["fetch"], shared["submit"], shared["sweep"]));
    }

    [Fact]
    public void Without_a_total_the_lanes_have_their_own()
    {
        Assert.Equal(Wanted, LaneSlots.Share(Wanted, null));
    }
}
