using OpsAgent.Tests.Support;
using Xunit;

namespace OpsAgent.Tests.Unit.Support;

public sealed class ServersHereTests
{
    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("xrootd-server activemq-extras")]
    public void A_test_runs_when_nothing_that_it_needs_is_missing(string? missing) =>
        Assert.Null(ServersHere.MissingOf(["activemq", "openssl"], missing));

    [Fact]
    public void A_test_that_cannot_run_names_what_it_lacks() =>
        Assert.Equal("not installed: activemq", ServersHere.MissingOf(["activemq", "openssl"], "xrootd-server activemq"));
}
