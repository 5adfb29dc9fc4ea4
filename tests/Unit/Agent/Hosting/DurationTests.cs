using OpsAgent.Agent.Hosting;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Hosting;

public sealed class DurationTests
{
    [Theory]
    [InlineData("500ms", 0.5)]
    [InlineData("30s", 30)]
    [InlineData("30", 30)]
    [InlineData("5m", 300)]
    [InlineData("1h", 3600)]
    [InlineData("2d", 172800)]
    [InlineData("1.5s", 1.5)]
    public void A_number_with_a_unit_is_a_time(string text, double seconds)
    {
        Assert.Equal(TimeSpan.FromSeconds(seconds), Duration.Parse(text));
    }

    [Theory]
    [InlineData("")]
    [InlineData("s")]
    [InlineData("-5s")]
    [InlineData("5 s")]
    [InlineData("1e3s")]
    [InlineData("5x")]
    [InlineData("5sm")]
    [InlineData("99999999999d")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(Duration.TryParse(text, out _));
    }
}
