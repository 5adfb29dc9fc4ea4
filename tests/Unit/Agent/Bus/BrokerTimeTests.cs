using OpsAgent.Agent.Bus;
using Xunit;

namespace OpsAgent.Tests.Unit.Agent.Bus;

public sealed class BrokerTimeTests
{
    [Fact]
    public void Milliseconds_since_1970_are_read()
    {
        Assert.Equal(new DateTimeOffset(2023, 11, 14, 22, 13, 20, TimeSpan.Zero), BrokerTime.Parse("1700000000000"));
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0")]
    [InlineData("-5")]
    [InlineData("1e9")]
    [InlineData("99999999999999999999999")]
    [InlineData("9223372036854775807")]
    public void Anything_else_is_no_time(string? header)
    {
        Assert.Null(BrokerTime.Parse(header));
    }
}
