using OpsAgent.Build;
using Xunit;

namespace OpsAgent.Tests.Unit.Build;

public sealed class ChaosLimitsTests
{
    [Theory]
    [InlineData(500, 40, 50)]
    [InlineData(10_000_000, 1_000, 1)]
    [InlineData(16, 2, 1)]
    public void A_size_that_tells_something_is_taken(int requests, int kills, int trees) =>
        Assert.Null(ChaosLimits.Mistake(requests, kills, trees));

    [Theory]
    [InlineData(500, 40, 0, "--trees 0 is too few: one at least")]
    [InlineData(500, 1, 50, "--kills 1 is too few: each of the two brokers has half of them, and one at least")]
    [InlineData(0, 40, 50, "--requests 0 is too few for --kills 40: 8 for each kill, 320 at least")]
    [InlineData(1, 2, 50, "--requests 1 is too few for --kills 2: 8 for each kill, 16 at least")]
    [InlineData(2_147_483_647, 2_147_483_647, 50, "--requests 2147483647 is too few for --kills 2147483647: 8 for each kill, 17179869168 at least")]
    public void One_that_does_not_is_told_in_a_line(int requests, int kills, int trees, string mistake) =>
        Assert.Equal(mistake, ChaosLimits.Mistake(requests, kills, trees));
}
