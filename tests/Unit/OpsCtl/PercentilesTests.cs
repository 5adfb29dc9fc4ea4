using OpsAgent.OpsCtl.Ping;
using Xunit;

namespace OpsAgent.Tests.Unit.OpsCtl;

public sealed class PercentilesTests
{
    [Fact]
    public void Nothing_measured_has_no_percentiles() => Assert.Null(Percentiles.Of([]));

    [Fact]
    public void One_sample_is_every_percentile() => Assert.Equal(new Percentiles(3, 3, 3, 3, 3), Percentiles.Of([3.0]));

    [Fact]
    public void Of_one_to_a_hundred_each_is_its_own_rank() =>
        Assert.Equal(
            new Percentiles(1, 50, 95, 99, 100), Percentiles.Of([.. Enumerable.Range(1, 100).Select(i => (double)i).Reverse()]));

    [Fact]
    public void Ranks_are_rounded_up() =>
        Assert.Equal(new Percentiles(1, 2, 3, 3, 3), Percentiles.Of([3.0, 1.0, 2.0]));

    [Fact]
    public void Every_percentile_is_a_sample_and_at_least_its_share_is_not_above_it()
    {
        var random = new Random(7);
        for (var round = 0; round < 500; round++)
        {
            var samples = Enumerable.Range(0, random.Next(1, 300)).Select(_ => random.NextDouble()).ToList();
            var found = Percentiles.Of(samples)!;
            foreach (var (percent, value) in new[] { (50, found.P50), (95, found.P95), (99, found.P99) })
            {
                Assert.Contains(value, samples);
                Assert.True(samples.Count(s => s <= value) * 100 >= samples.Count * percent);
                Assert.True(samples.Count(s => s < value) * 100 < samples.Count * percent);
            }
        }
    }
}
